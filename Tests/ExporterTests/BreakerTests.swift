import Testing

@testable import Exporter

@Suite struct BreakerTests {
    private func failures(_ count: Int, of breaker: inout Breaker) -> [Duration] {
        (0..<count).map { _ in
            breaker.pollStarts()
            return breaker.pollFailed(jitter: 0)
        }
    }

    @Test func pausesDoubleUntilTheBreakerOpensAndThenUpToThirtySeconds() {
        var breaker = Breaker(RetryPolicy(attempts: 3, delay: .seconds(1)))
        #expect(failures(2, of: &breaker) == [.seconds(1), .seconds(2)])
        #expect(breaker.state == .closed(failures: 2))
        #expect(failures(1, of: &breaker) == [.seconds(4)])
        #expect(breaker.state == .open(pause: .seconds(4)))
        #expect(failures(4, of: &breaker) == [.seconds(8), .seconds(16), .seconds(30), .seconds(30)])
    }

    @Test func anOpenBreakerIsHalfOpenWhileItProbes() {
        var breaker = Breaker(RetryPolicy(attempts: 1, delay: .seconds(1)))
        #expect(failures(1, of: &breaker) == [.seconds(1)])
        breaker.pollStarts()
        #expect(breaker.state == .halfOpen(pause: .seconds(1)))
        breaker.pollSucceeded()
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func oneSuccessForgetsAllFailures() {
        var breaker = Breaker(RetryPolicy(attempts: 3, delay: .seconds(1)))
        _ = failures(2, of: &breaker)
        breaker.pollSucceeded()
        #expect(failures(1, of: &breaker) == [.seconds(1)])
    }

    @Test func jitterOnlyEverShortensAPauseByAFifth() {
        var breaker = Breaker(RetryPolicy(attempts: 3, delay: .seconds(10)))
        #expect(breaker.pollFailed(jitter: 1) == .seconds(8))
    }

    @Test func manyAttemptsWithALongDelayDoNotOverflow() {
        var breaker = Breaker(RetryPolicy(attempts: 100, delay: .seconds(30)))
        #expect(failures(120, of: &breaker).allSatisfy { $0 == .seconds(30) })
    }
}
