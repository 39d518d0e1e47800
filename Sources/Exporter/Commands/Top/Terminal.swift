// The terminal that `sidelong top` draws on. It is given back as it was, however that ends: by a key, by
// a signal, or by a fault of the program. Only SIGKILL leaves it as it is; reset(1) helps then.

import Glibc

/// Standard input and output, when both are terminals.
@safe
enum Terminal {
    /// What it was like before.
    private nonisolated(unsafe) static var before: UnsafeMutablePointer<termios>?

    /// Whether there is one at both ends.
    static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Columns and rows; 80 and 24 where it does not tell (tty_ioctl(4), TIOCGWINSZ).
    static var size: (width: Int, height: Int) {
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        guard isKnown, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// What it can show, after the variables that people set.
    static func abilities(_ environment: [String: String]) -> Screen.Abilities {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let letters = locale.lowercased().filter { $0 != "-" }
        // https://no-color.org: any value but none.
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Screen.Abilities(
            isUnicode: letters.hasSuffix("utf8"), hasColors: !isPlain && environment["TERM"] != "dumb")
    }

    /// Keys come one by one and unseen from now on, and the picture is another than that of the shell. Signals that
    /// keys send, such as Ctrl-C, stay.
    static func enter() {
        if unsafe before == nil {
            unsafe before = .allocate(capacity: 1)
            guard unsafe tcgetattr(STDIN_FILENO, before!) == 0 else { return }
            restoreOnFaults()
        }
        guard var raw = unsafe before?.pointee else { return }
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        raw.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    /// Gives it back.
    static func leave() {
        guard unsafe before != nil else { return }
        write(goodbye)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, before)
    }

    private static let goodbye = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    /// Whether all of it was written; not when the terminal is gone.
    @discardableResult
    static func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return false }
                var full = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                guard unsafe poll(&full, 1, 1000) == 1 else { return false }
                continue
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What was typed; empty when nothing was, nil when the terminal is gone.
    static func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
        return count == 0 ? nil : Array(buffer.prefix(count))
    }

    /// Faults end the program where it stands, in any thread. What is called there has to be safe in a signal's handler
    /// (signal-safety(7)): write(2) and tcsetattr(3) are.
    private static func restoreOnFaults() {
        unsafe farewell = Array(goodbye.utf8)
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS] { signal(number, endByFault) }
    }

    fileprivate nonisolated(unsafe) static var farewell: [UInt8] = []

    fileprivate static func restoreByFault() {
        unsafe farewell.withUnsafeBytes { _ = unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if unsafe before != nil { _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, before) }
    }
}

/// Formed outside of any isolation: it runs on whatever thread has the fault.
private func endByFault(_ number: Int32) {
    Terminal.restoreByFault()
    signal(number, SIG_DFL)
    raise(number)
}
