// `sidelong hash-key`: an API key on standard input becomes its line in a list of keys. Not an argument: everybody can
// read those.

import Glibc
import Traffic

enum HashKey {
    /// The longest key, in bytes.
    private static let longest = 8 << 10

    /// The line for a key.
    ///
    /// - Parameter name: what the key is called on the page.
    static func line(for token: [UInt8], named name: String?) throws(ConfigurationError) -> String {
        var token = token
        defer { for place in token.indices { token[place] = 0 } }
        if token.last == UInt8(ascii: "\n") { token.removeLast() }
        if token.last == UInt8(ascii: "\r") { token.removeLast() }
        guard !token.isEmpty else { throw ConfigurationError("hash-key: standard input is empty; it takes an API key") }
        guard token.count <= longest else {
            throw ConfigurationError("hash-key: more than \(longest) bytes on standard input; it takes one API key")
        }
        guard token.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ConfigurationError("hash-key: blanks or line breaks on standard input; it takes one API key")
        }
        let name = name ?? "unnamed"
        guard (1...64).contains(name.utf8.count), !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ConfigurationError("hash-key: the name is not allowed; allowed: up to 64 bytes")
        }
        let quoted = name.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined()
        return "- {name: \"\(quoted)\", sha256: \(SHA256(token).hexadecimal)}\n"
    }

    /// All of standard input, or as much as tells that it is too long.
    static func input() throws(ConfigurationError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: longest + 3)
        var count = 0
        while count < bytes.count {
            let start = count
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(STDIN_FILENO, buffer.baseAddress?.advanced(by: start), buffer.count - start)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                throw ConfigurationError("hash-key: standard input: \(unsafe String(cString: strerror(errno)))")
            }
            if got == 0 { break }
            count += got
        }
        return Array(bytes[..<count])
    }
}
