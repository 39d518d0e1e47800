// The password as a file holds it, read again on every connect, so that a rotated secret needs no restart.

import Glibc
import Metrics

enum PasswordFile {
    /// A password is never longer; a larger file is something else.
    private static let longest = 64 * 1024

    /// The file's text without its line end.
    static func read(_ path: String) throws(CollectorFailure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        var length = 0
        while length < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[length...])
                return unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { break }
            length += count
        }
        guard length <= longest else {
            throw CollectorFailure(.unreadable, "the password file \(path) is larger than 64 KiB")
        }
        var text = bytes[..<length]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    private static func failure(_ path: String, _ code: Int32) -> CollectorFailure {
        CollectorFailure(
            .unreadable, unsafe "the password file \(path) cannot be read: \(String(cString: strerror(code)))")
    }
}
