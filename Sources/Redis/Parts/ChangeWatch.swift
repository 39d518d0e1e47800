// Whether an answer can have become another one: INFO counts what would have changed it, and INFO is asked anyway.

/// Remembers numbers of INFO that move whenever some other answer can have changed.
struct ChangeWatch: Sendable {
    /// The numbers; nil where the server does not tell them.
    private let numbers: @Sendable (InfoReply) -> [Double]?
    /// What they were with the newest answer.
    private var seen: [Double]?

    init(_ numbers: @escaping @Sendable (InfoReply) -> [Double]?) {
        self.numbers = numbers
    }

    /// Whether the server told with the newest answer what would change it.
    var isTold: Bool { seen != nil }

    /// Whether something has happened since the newest answer. Not knowing it is no more counts as such.
    func hasMoved(by info: InfoReply) -> Bool { seen != nil && numbers(info) != seen }

    /// There is a new answer, of the poll that began with this INFO.
    mutating func note(_ info: InfoReply) { seen = numbers(info) }

    mutating func forget() { seen = nil }
}
