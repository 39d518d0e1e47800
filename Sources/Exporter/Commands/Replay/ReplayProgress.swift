// A large capture takes a while; a terminal shows how far it has come.

import Glibc

/// A line on standard error that is written over and over, and only on a terminal.
struct ReplayProgress {
    private let size: Int
    private let isShown: Bool
    private var next = ContinuousClock.now + .milliseconds(300)
    private var hasLine = false

    init(_ path: String) {
        var status = stat()
        size = unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
        isShown = isatty(STDERR_FILENO) == 1 && size > 0
    }

    /// Shows how much of the file has been read, a few times per second.
    mutating func show(_ position: Int) {
        guard isShown, ContinuousClock.now >= next else { return }
        next = .now + .milliseconds(200)
        hasLine = true
        write("\r\(min(100, position * 100 / size)) % of \(size >> 20) MiB")
    }

    /// Removes the line.
    func clear() {
        if hasLine { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
