import Testing

@testable import System

@Suite struct MemoryBudgetTests {
    @Test func sharesAreNoMoreThanTheLimit() {
        for limit in [32 << 20, 48 << 20, 256 << 20, 64 << 30] {
            let budget = MemoryBudget(limit: limit)
            let shares = MemoryBudget.Use.allCases.filter { $0 != .rings }.reduce(0) { $0 + budget.share(of: $1) }
            #expect(shares <= max(MemoryBudget.leastShared, limit - MemoryBudget.program))
            #expect(MemoryBudget.Use.allCases.allSatisfy { budget.share(of: $0) > 0 })
        }
    }

    @Test func whatIsTakenIsGivenBack() {
        let budget = MemoryBudget(limit: 48 << 20)
        let share = budget.share(of: .replies)
        do {
            var first = MemoryHold(budget, for: .replies)
            var second = MemoryHold(budget, for: .replies)
            let isSmall = first.covers(MemoryHold.step)
            #expect(isSmall && budget.figures[.replies]?.held == 0)
            let fits = [first.covers(share / 2), second.covers(share), second.covers(share / 4)]
            #expect(fits == [true, false, true])
            #expect(budget.figures[.replies]?.shed == 1)
            let held = budget.figures[.replies]?.held ?? 0
            #expect(held > share / 2 && held <= share)
            first.release()
            let hasAll = second.covers(share)
            #expect(hasAll)
        }
        #expect(budget.figures[.replies] == MemoryBudget.Figures(held: 0, shed: 1))
    }

    @Test func onlyWhatWasLargeIsABurst() {
        let budget = MemoryBudget(limit: 256 << 20)
        budget.hold(3 << 20, for: .responses)
        budget.hold(0, for: .responses)
        let isBurst = budget.takeBurst()
        #expect(!isBurst)
        budget.hold(3 << 20, for: .responses)
        budget.hold(3 << 20, for: .exchanges)
        let whileHeld = budget.takeBurst()
        budget.hold(0, for: .responses)
        budget.hold(0, for: .exchanges)
        let afterwards = budget.takeBurst()
        let again = budget.takeBurst()
        #expect(!whileHeld && afterwards && !again)
    }
}
