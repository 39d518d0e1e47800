// What one buffer has taken of the budget. A buffer of the usual size is not worth an account: only what is larger than
// that asks.

/// Bytes that one owner has taken of a use's share, given back when it goes.
public struct MemoryHold: ~Copyable, Sendable {
    /// What is asked for at once, and what costs nothing, in bytes.
    public static let step = 64 << 10

    private let budget: MemoryBudget
    private let use: MemoryBudget.Use
    private var taken = 0

    public init(_ budget: MemoryBudget, for use: MemoryBudget.Use) {
        self.budget = budget
        self.use = use
    }

    deinit {
        budget.giveBack(taken, for: use)
    }

    /// Makes sure that there is room for so many bytes in all. Most calls cost a comparison.
    ///
    /// - Returns: false when the share is used up, which is counted; what was taken stays taken.
    public mutating func covers(_ bytes: Int) -> Bool {
        guard bytes > taken + Self.step else { return true }
        let more = (bytes - taken) / Self.step * Self.step
        guard budget.take(more, for: use) else {
            budget.shed(use)
            return false
        }
        taken += more
        return true
    }

    /// Gives everything back.
    public mutating func release() {
        budget.giveBack(taken, for: use)
        taken = 0
    }
}
