// The password's file is read for each connection, because secrets rotate while a sidecar runs.
import Glibc
import Metrics

/// A file that holds nothing but a password.
struct PasswordFile: Sendable {
    let path: String

    /// No password is longer; a file that is, is not a password file.
    private static let limit = 65536

    /// The file's text without the line break at its end.
    func read() throws(CollectorFailure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= Self.limit {
            var part = [UInt8](repeating: 0, count: 4096)
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        guard bytes.count <= Self.limit else {
            throw CollectorFailure(.unreadable, "password file \(path) is longer than \(Self.limit) bytes")
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func failure(_ code: Int32) -> CollectorFailure {
        CollectorFailure(.unreadable, "password file \(path): \(unsafe String(cString: strerror(code)))")
    }
}
