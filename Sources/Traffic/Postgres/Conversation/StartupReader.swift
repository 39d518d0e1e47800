// The first message of a client, which may come in pieces like any other.

/// Gathers a first message.
struct StartupReader: Sendable {
    enum Event {
        case starved
        case message(StartupMessage)
    }

    /// What was gathered, its length and its code included; cut at ``PostgresLimits/text``.
    private(set) var kept: [UInt8] = []
    /// How much of it was reported as kept.
    private var accounted = 0
    /// The bytes of the message that were passed.
    private var passed = 0

    /// Reads on from `position` to the message's end.
    ///
    /// - Parameter mayKeep: whether more than its length and its code may be kept.
    mutating func next(_ bytes: Span<UInt8>, _ position: inout Int, mayKeep: Bool) -> Event {
        let limit = mayKeep ? PostgresLimits.text : StartupMessage.headerLength
        while position < bytes.count {
            if kept.count < limit { kept.append(bytes[position]) }
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

    /// Reports how much is kept while the rest, or the end of the login, is waited for.
    ///
    /// - Parameter total: what all readers keep, in bytes.
    mutating func settle(_ total: inout Int) {
        total += kept.count - accounted
        accounted = kept.count
    }

    /// Forgets everything.
    mutating func reset(_ total: inout Int) {
        total -= accounted
        self = StartupReader()
    }

    /// The names in a session's first message; empty where they were not kept.
    var names: (session: SessionRows.Name, isReplication: Bool) {
        let body = kept.span.extracting(Swift.min(StartupMessage.headerLength, kept.count)..<kept.count)
        let names = SessionNames(body)
        func text(_ range: Range<Int>) -> [UInt8] { range.prefix(Self.longestName).map { body[$0] } }
        return (.init(database: text(names.database), user: text(names.user)), names.isReplication)
    }

    /// What the server keeps of a name.
    private static let longestName = 63
}
