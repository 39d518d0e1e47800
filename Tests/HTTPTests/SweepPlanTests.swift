import Testing

@testable import HTTP

@Suite struct SweepPlanTests {
    private let start = ContinuousClock.now
    private var plan = SweepPlan(interval: .seconds(1))

    private func after(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test mutating func nothingIsDueUntilSomethingHappens() {
        #expect(plan.next == nil && !plan.isDue(at: after(1000)))
        plan.somethingHappened(at: start)
        #expect(!plan.isDue(at: after(0.9)) && plan.isDue(at: after(1)))
    }

    /// Prometheus' connection between two scrapes: one look after each, then none before its time is over.
    @Test mutating func aKeptConnectionWithoutRequestsWakesNobody() {
        plan.somethingHappened(at: start)
        plan.swept(at: after(1), nextDeadline: after(120))
        #expect(plan.next == after(120))
        plan.somethingHappened(at: after(15))
        #expect(plan.next == after(16))
        plan.swept(at: after(16), nextDeadline: after(135))
        #expect(plan.next == after(135))
    }

    @Test mutating func whatHappensInTheMeantimeIsLookedAtTogether() {
        for tenth in 0..<9 { plan.somethingHappened(at: after(Double(tenth) / 10)) }
        #expect(plan.next == after(1))
    }

    @Test mutating func anOverdueConnectionIsNotLookedForAllTheTime() {
        plan.swept(at: start, nextDeadline: start)
        #expect(plan.next == after(1))
        plan.swept(at: after(1), nextDeadline: nil)
        #expect(plan.next == nil)
    }
}
