// Passwords come in by the environment and, inside of addresses, by the command line, where every program of the same
// user can read them in /proc. So they are wiped there as soon as they have been read. And the process leaves no core
// file and lets no program of the same user look into its memory.

import CSeccomp
import Glibc
import Metrics

/// What the start of the program brought along that others should not see.
enum ProcessSecrets {
    /// Forbids core files and looks into this process by others of the same user.
    static func forbidDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = sidelong_forbid_dumps()
    }

    /// All environment variables; what /proc/PID/environ shows of them is empty from then on.
    ///
    /// Has to be called before the program has other threads. Libraries still find the variables that no option has
    /// read, such as libpq its `PGPASSWORD`.
    ///
    /// - Parameter isOwn: whether options read a variable; no library finds those any more.
    static func takeEnvironment(hiding isOwn: (String) -> Bool) -> [String: String] {
        var variables: [String: String] = [:]
        var entries: [UnsafeMutablePointer<CChar>] = unsafe []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                variables[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
            }
            unsafe entries.append(entry)
            unsafe next += 1
        }
        clearenv()
        for (name, value) in variables where !isOwn(name) { unsafe setenv(name, value, 1) }
        unsafe entries.forEach { unsafe explicit_bzero($0, strlen($0)) }
        return variables
    }

    /// Where passwords stand in an argument: between `://USER:` and the last `@`, and all that follows the first
    /// `password=`.
    static func secretRanges(in text: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        if let scheme = text.firstRange(ofText: "://"), let end = text.lastIndex(of: UInt8(ascii: "@")),
            let colon = text[scheme.upperBound...].firstIndex(of: UInt8(ascii: ":")), colon < end
        {
            ranges.append(colon + 1..<end)
        }
        var rest = 0
        while let word = text[rest...].firstRange(ofText: "password") {
            // libpq takes blanks around its equals sign.
            let equals = text[word.upperBound...].firstIndex { $0 != UInt8(ascii: " ") }
            if let equals, text[equals] == UInt8(ascii: "=") {
                ranges.append(equals + 1..<text.count)
                break
            }
            // A database, a user or a host may have that name.
            rest = word.upperBound
        }
        return ranges
    }
}
