// The addresses a server can listen on, as an operator writes them: `:9121`, `127.0.0.1:9121`, `[::1]:9121`,
// `localhost:9121`, `unix:///run/sidelong.sock`.

/// An address to listen on.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A TCP port; 0 asks for a free one. Without a host, every address of the machine, IPv6 and IPv4.
    case tcp(host: String?, port: UInt16)
    /// A unix socket.
    case unix(path: String)

    /// Longest path of a unix socket, unix(7): `sun_path` less its final zero.
    static let longestPath = 107

    /// Reads an address.
    ///
    /// A host name is looked up when the server starts, not here.
    ///
    /// - Throws: ``HTTPServerError/invalidAddress(_:reason:)``.
    public init(_ text: String) throws(HTTPServerError) {
        if text.hasPrefix("unix:") {
            self = .unix(path: try Self.path(ofUnixAddress: text))
        } else {
            self = try Self.tcp(text)
        }
    }

    /// The TCP port, or nil for a unix socket.
    public var port: Int? {
        switch self {
        case .tcp(_, let port): Int(port)
        case .unix: nil
        }
    }

    public var description: String {
        switch self {
        case .tcp(nil, let port): ":\(port)"
        case .tcp(let host?, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix://\(path)"
        }
    }

    private static func path(ofUnixAddress text: String) throws(HTTPServerError) -> String {
        let path = text.dropFirst("unix:".count)
        guard path.hasPrefix("///") else {
            throw .invalidAddress(text, reason: "the path is not absolute")
        }
        let absolute = String(path.dropFirst("//".count))
        guard absolute.utf8.count <= longestPath, !absolute.utf8.contains(0) else {
            throw .invalidAddress(text, reason: "the path is longer than \(longestPath) bytes")
        }
        return absolute
    }

    private static func tcp(_ text: String) throws(HTTPServerError) -> ListenAddress {
        guard let colon = text.lastIndex(of: ":") else { throw .invalidAddress(text, reason: "it has no port") }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), let port = UInt16(digits) else {
            throw .invalidAddress(text, reason: "the port is not a number from 0 to 65535")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw .invalidAddress(text, reason: "brackets hold an IPv6 address") }
        } else if host.contains(where: { ":[]".contains($0) }) {
            throw .invalidAddress(text, reason: "an IPv6 address needs brackets")
        }
        guard host.utf8.allSatisfy({ $0 > UInt8(ascii: " ") && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
            throw .invalidAddress(text, reason: "the host has characters that no host has")
        }
        return .tcp(host: host.isEmpty ? nil : String(host), port: port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
