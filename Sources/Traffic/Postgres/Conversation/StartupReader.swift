// The first message of a client, which may come in pieces like any other.

/// Gathers a first message.
struct StartupReader: Sendable {
    enum Event {
        case starved
        case message(StartupMessage)
    }

    /// What was gathered, its length and its code included; cut at ``PostgresLimits/text``.
    private(set) var kept: [UInt8] = []
    /// The bytes of the message that were passed.
    private var passed = 0

    /// Reads on from `position` to the message's end.
    mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> Event {
        while position < bytes.count {
            if kept.count < PostgresLimits.text { kept.append(bytes[position]) }
            position += 1
            passed += 1
            guard let kind = StartupMessage.kind(first: kept[0], header: header) else { continue }
            if kind == .foreign || kind == .tls || passed == length { return .message(kind) }
        }
        return .starved
    }

    private var header: UInt64? {
        guard kept.count >= StartupMessage.headerLength else { return nil }
        return kept[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private var length: Int { Int((header ?? 0) >> 32) }

    /// The names in a session's first message.
    var names: (session: SessionRows.Name, isReplication: Bool) {
        let body = kept.span.extracting(Swift.min(StartupMessage.headerLength, kept.count)..<kept.count)
        let names = SessionNames(body)
        func text(_ range: Range<Int>) -> [UInt8] { range.prefix(Self.longestName).map { body[$0] } }
        return (.init(database: text(names.database), user: text(names.user)), names.isReplication)
    }

    /// What the server keeps of a name.
    private static let longestName = 63
}
