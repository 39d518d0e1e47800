// The queues of one system, as they are found. More than a hundred are counted, and not looked at.

/// Names of queues, each once.
struct QueueNames: Sendable {
    private(set) var all: [String] = []
    private(set) var leftOut = 0
    private var known: Set<String> = []

    /// Queues that are looked at.
    static let most = 100

    var isFull: Bool { all.count == Self.most }

    mutating func add(_ name: String) {
        guard known.insert(name).inserted else { return }
        if isFull { leftOut += 1 } else { all.append(name) }
    }

    /// Takes how many there are where not all were read.
    mutating func note(total: Int) {
        leftOut = max(leftOut, total - all.count)
    }
}
