import Testing

@testable import Exporter

/// Sleeps of the program's tasks.
struct TaskClockTests {
    @Test func aSleepLastsUntilItsTime() async throws {
        let clock = TaskClock()
        let end = clock.now.advanced(by: .milliseconds(20))
        try await clock.sleep(until: end)
        #expect(clock.now >= end)
        // One that is over before it begins.
        try await clock.sleep(until: end)
    }

    @Test func aCancelledSleepEndsAtOnce() async throws {
        for _ in 0..<100 {
            // Cancelled before it begins, at its beginning or in the midst of it.
            let task = Task { try await TaskClock().sleep(for: .seconds(3600)) }
            await Task.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func ofManySleepsEachEndsOnce() async throws {
        let count = try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                group.addTask { try await TaskClock().sleep(for: .microseconds(number * 17 % 1000)) }
            }
            var count = 0
            for try await _ in group { count += 1 }
            return count
        }
        #expect(count == 1000)
    }
}
