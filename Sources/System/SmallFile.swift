// The files that an operator writes: configuration, queries, passwords, certificates.

import Glibc

/// Files that fit into memory with ease.
public enum SmallFile {
    /// The whole of a regular file.
    ///
    /// - Parameter limit: in bytes; a longer file is refused, since it is not what the operator meant.
    /// - Throws: the path and why it cannot be read.
    public static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        // Not to wait for a FIFO's writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError(path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError(path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("\(path): not a regular file") }
        var content: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(path, code: errno) }
            if count == 0 { return content }
            content += part.prefix(count)
            guard content.count <= limit else { throw SystemError("\(path): larger than \(limit >> 10) KiB") }
        }
    }

    /// The whole of a text file; bytes that are not UTF-8 become replacement characters.
    public static func text(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// A password, from a file that holds nothing else: its text without the line break at its end.
    ///
    /// Read again for each connection, so that a rotated secret needs no restart.
    public static func password(_ path: String) throws(SystemError) -> String {
        var content: [UInt8]
        do {
            content = try read(path, limit: 64 << 10)
        } catch {
            // Some give the password itself where its file is wanted.
            let isPath = path.hasPrefix("/") || path.hasPrefix(".")
            let shown = isPath ? path : "whose path begins with neither / nor ."
            throw SystemError("password file \(shown)\(error.description.dropFirst(path.count))")
        }
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
        return String(decoding: content, as: UTF8.self)
    }
}
