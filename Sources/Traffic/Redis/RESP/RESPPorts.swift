// A capture file without a packet on Redis' port is most often one of a Redis on another port. What that is can be told
// from the packets: Redis' protocol begins in a way that hardly anything else does.

/// Looks for the ports that clients send RESP to.
public struct RESPPorts: Sendable {
    /// Packets to a port that begin like a request, and packets from it that begin like a reply.
    private var requests = [UInt16: Int]()
    private var replies = [UInt16: Int]()

    public init() {}

    /// Looks at one packet.
    public mutating func look(at frame: Span<UInt8>, originalLength: Int, link: LinkType) {
        guard let packet = try? Packet(frame, originalLength: originalLength, link: link) else { return }
        let payload = frame.extracting(packet.segment.payload)
        if Self.isRequest(payload) {
            requests[packet.destination.port, default: 0] += 1
        } else if Self.isReply(payload) {
            replies[packet.source.port, default: 0] += 1
        }
    }

    /// The ports of servers, the busiest first.
    ///
    /// An answer of several elements looks like a request; only a server's port gives replies of other kinds as well.
    public var servers: [UInt16] {
        requests.keys.filter { replies[$0] != nil }.sorted { (requests[$0] ?? 0, $1) > (requests[$1] ?? 0, $0) }
    }

    /// `*N` and `$N`, each on a line of its own.
    private static func isRequest(_ bytes: Span<UInt8>) -> Bool {
        guard let next = number(in: bytes, after: UInt8(ascii: "*")) else { return false }
        return next < bytes.count && bytes[next] == UInt8(ascii: "$")
    }

    /// A status, an error with its word in capitals, an integer, or a string of a length.
    private static func isReply(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 4 else { return false }
        switch bytes[0] {
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= bytes[1]
            return isCapital && bytes[bytes.count - 2] == 13 && bytes[bytes.count - 1] == 10
        case UInt8(ascii: ":"), UInt8(ascii: "$"):
            return number(in: bytes, after: bytes[0]) != nil
        default:
            return false
        }
    }

    /// Where the line behind a mark and a number ends; nil when there is no such line.
    private static func number(in bytes: Span<UInt8>, after mark: UInt8) -> Int? {
        guard bytes.count >= 4, bytes[0] == mark else { return nil }
        var place = bytes[1] == UInt8(ascii: "-") ? 2 : 1
        let first = place
        while place < bytes.count, bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
        guard place > first, place + 1 < bytes.count, bytes[place] == 13, bytes[place + 1] == 10 else { return nil }
        return place + 2
    }
}
