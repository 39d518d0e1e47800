// How much of each packet is kept. It costs room in the ring and is what can be measured, so it is decided by what a
// protocol's clients and servers send.

import Traffic

/// How many bytes of a packet are kept, from its IP header on, by its direction.
struct SnapLengths: Sendable, Equatable {
    /// Of packets that clients send.
    var requests: Int
    /// Of packets that servers send.
    var replies: Int

    init(requests: Int, replies: Int) {
        self.requests = requests
        self.replies = replies
    }

    private init(both bytes: Int) {
        self.init(requests: bytes, replies: bytes)
    }

    var longest: Int { max(requests, replies) }

    /// Nothing is cut: the longest packet (the total length of RFC 791 has 16 bits), as segmentation offload makes it.
    /// The commands and replies of a pipeline lie up to the end of such a packet.
    static let whole = SnapLengths(both: 65_535)
    /// Enough for the heads of a command or reply and for short pipelines, such as 64 `SET` of a few bytes.
    static let heads = SnapLengths(both: 4096)
    /// Enough for a segment of the loopback, which Postgres fills with 8192 bytes; an answer ends with what matters.
    /// And for a head of HTTP: nginx and Apache take lines of 8 KiB.
    static let segment = SnapLengths(both: 8500)

    /// Of a protocol.
    ///
    /// - Parameter whole: whether there is room for what only pipelines need.
    static func of(_ kind: WireProtocolKind, whole: Bool) -> SnapLengths {
        switch kind {
        case .redis: whole ? .whole : .heads
        case .http, .postgres: .segment
        }
    }

    /// The same, but no more than this.
    func bounded(by bytes: Int) -> SnapLengths {
        SnapLengths(requests: min(requests, bytes), replies: min(replies, bytes))
    }
}
