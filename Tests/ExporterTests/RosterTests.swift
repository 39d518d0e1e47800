import Metrics
import Synchronization
import TestKit
import Testing

@testable import Exporter

/// A collector that answers when it is let.
private final class GatedCollector: Collector {
    let name: String
    let parts: [String] = []
    let isOpen: Atomic<Bool>
    let calls = Atomic(0)

    init(_ name: String, isOpen: Bool) {
        self.name = name
        self.isOpen = Atomic(isOpen)
    }

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        calls.add(1, ordering: .relaxed)
        while !isOpen.load(ordering: .relaxed) { try? await TaskClock().sleep(for: .milliseconds(5)) }
        return Collected()
    }
}

@Suite struct RosterTests {
    @Test func whatWaitsForTheLastSourceIsDoneOnce() async throws {
        let (quick, late) = (GatedCollector("quick", isOpen: true), GatedCollector("late", isOpen: false))
        let ready = Mutex(0)
        let roster = Roster(Registry(), log: Log { _ in }, heartbeats: Heartbeats()) { ready.withLock { $0 += 1 } }
        defer { roster.stop() }
        for collector in [quick, late] {
            roster.add(
                Source(
                    collector: collector, address: "", interval: .milliseconds(10), timeout: .seconds(3600), up: nil,
                    retry: nil))
        }
        try await eventually("several polls of one source") { quick.calls.load(ordering: .relaxed) > 3 }
        #expect(ready.withLock { $0 } == 0)
        #expect(!roster.isReady)
        late.isOpen.store(true, ordering: .relaxed)
        try await eventually("several polls of both") { late.calls.load(ordering: .relaxed) > 3 }
        #expect(ready.withLock { $0 } == 1)
        #expect(roster.isReady)
    }
}
