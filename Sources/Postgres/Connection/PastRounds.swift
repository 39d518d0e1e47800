// A server answers each statement of a poll as soon as it can, and each answer would wake the thread that waits. So
// answers are not looked at before nearly as much has come as the same statements brought the last time.

/// What the rounds of one connection have brought, and how long they took.
struct PastRounds {
    private struct Round {
        let statements: [Statement]
        let bytes: Int
        let duration: Duration
    }

    /// The newest first, each of other statements than the rest.
    private var rounds: [Round] = []

    /// Rounds that are remembered. There are few sets of statements: slow parts are asked now and then.
    private static let most = 8
    /// No more is waited for: the kernel holds as much for any socket.
    private static let mostBytes = 32 << 10

    /// What will come for these statements, unless the answers are shorter than the last time by more than a sixteenth.
    /// It is worth waiting for a little longer than that took. Nil where nothing is known of them.
    func expectation(of statements: [Statement]) -> (bytes: Int, patience: Duration)? {
        guard let last = rounds.first(where: { $0.statements == statements }) else { return nil }
        return (min(last.bytes - last.bytes / 16, Self.mostBytes), last.duration * 5 / 4)
    }

    mutating func note(_ bytes: Int, in duration: Duration, for statements: [Statement]) {
        rounds.removeAll { $0.statements == statements }
        rounds.insert(Round(statements: statements, bytes: bytes, duration: duration), at: 0)
        if rounds.count > Self.most { rounds.removeLast() }
    }
}
