// What the system refuses, in the system's own words.

import Glibc

/// A call that failed, told as `subject: reason`.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    /// - Parameter code: an error number, as `errno` holds it.
    init(_ subject: String, code: Int32) {
        description = "\(subject): \(unsafe String(cString: strerror(code)))"
    }
}
