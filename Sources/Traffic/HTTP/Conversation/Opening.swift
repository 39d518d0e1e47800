// What a connection starts with, where that is no request: a proxy's header, which says who the client is and is passed
// over, or another protocol on the port.

/// What a client's first bytes are.
enum Opening: Equatable {
    case request
    /// A line of version 1 of the PROXY protocol (haproxy's proxy-protocol.txt, section 2.1).
    case proxyLine
    /// A header of version 2 (section 2.2), with its length.
    case proxyHeader(Int)
    /// HTTP/2 without a word before it (RFC 9113 section 3.3).
    case http2
    /// A record of TLS (RFC 8446 section 5.1).
    case encrypted

    /// Looks at a packet's first bytes. A proxy's header and the two protocols' first words come in one.
    init(_ bytes: Span<UInt8>) {
        self = .request
        guard bytes.count >= 2 else { return }
        switch bytes[0] {
        case 0x14...0x17: if bytes[1] == 3 { self = .encrypted }
        case 0x0D: if let length = Self.headerLength(bytes) { self = .proxyHeader(length) }
        case UInt8(ascii: "P"):
            if bytes.startsWith("PRI * HTTP/2.0") { self = .http2 }
            if bytes.startsWith("PROXY "), bytes.lineFeed(from: 0) < bytes.count { self = .proxyLine }
        default: break
        }
    }

    private static func headerLength(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count >= 16, bytes.startsWith("\r\n\r\n\u{0}\r\nQUIT\n") else { return nil }
        return 16 + Int(bytes.short(at: 14))
    }
}

extension Span<UInt8> {
    /// Whether the bytes start with a text.
    func startsWith(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { characters in
            for place in 0..<characters.count where unsafe self[place] != characters[place] { return false }
            return true
        }
    }
}
