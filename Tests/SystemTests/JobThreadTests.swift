import Glibc
import Synchronization
import System
import TestKit
import Testing

/// Jobs on a thread of their own: their order, their time, and what becomes of the thread.
struct JobThreadTests {
    /// What the jobs have written down, in the order in which they ran.
    private final class Notes: Sendable {
        private let notes = Mutex<[String]>([])
        var all: [String] { notes.withLock { $0 } }
        func add(_ note: String) { notes.withLock { $0.append(note) } }
    }

    @Test func jobsRunInTheirOrderOnOneThread() async throws {
        let (thread, notes, threads) = (JobThread("jobs"), Notes(), Notes())
        for number in 0..<100 {
            thread.run {
                notes.add("\(number)")
                threads.add("\(pthread_self())")
            }
        }
        try await eventually("all have run") { notes.all.count == 100 }
        #expect(notes.all == (0..<100).map { "\($0)" })
        #expect(Set(threads.all).count == 1 && threads.all.first != "\(pthread_self())")
    }

    @Test func aJobMayAddAnother() async throws {
        let (thread, notes) = (JobThread("jobs"), Notes())
        thread.run {
            thread.run { notes.add("second") }
            notes.add("first")
        }
        try await eventually("both have run") { notes.all.count == 2 }
        #expect(notes.all == ["first", "second"])
    }

    @Test func alarmsGoOffInTheOrderOfTheirTimes() async throws {
        let (thread, notes) = (JobThread("alarms"), Notes())
        let now = SuspendingClock.now
        // The thread sleeps for the latest of them before it hears of the others.
        for after in [90, 60, 30, 60, 0] {
            thread.run(at: now.advanced(by: .milliseconds(after))) { notes.add("\(after)") }
        }
        try await eventually("all have gone off") { notes.all.count == 5 }
        #expect(notes.all == ["0", "30", "60", "60", "90"])
        #expect(SuspendingClock.now >= now.advanced(by: .milliseconds(90)))
    }

    @Test func aCancelledAlarmIsSilent() async throws {
        let (thread, notes) = (JobThread("alarms"), Notes())
        let now = SuspendingClock.now
        let alarm = thread.run(at: now.advanced(by: .milliseconds(20))) { notes.add("cancelled") }
        thread.run(at: now.advanced(by: .milliseconds(40))) { notes.add("kept") }
        thread.cancel(alarm)
        thread.cancel(alarm)
        try await eventually("the other goes off") { !notes.all.isEmpty }
        #expect(notes.all == ["kept"])
    }

    /// It comes along with what wakes the thread; with nothing to wake it, it is no later than it may be.
    @Test func aPatientAlarmWaitsForCompany() async throws {
        let (thread, notes) = (JobThread("alarms"), Notes())
        let now = SuspendingClock.now
        thread.run(at: now, tolerance: .seconds(3600)) { notes.add("at once") }
        thread.run(at: now.advanced(by: .milliseconds(10)), tolerance: .seconds(3600)) { notes.add("along") }
        let cancelled = thread.run(at: now.advanced(by: .milliseconds(10)), tolerance: .seconds(3600)) {
            notes.add("cancelled")
        }
        thread.run(at: now.advanced(by: .seconds(3600)), tolerance: .seconds(3600)) { notes.add("too early") }
        thread.cancel(cancelled)
        try await eventually("30 ms are over") { SuspendingClock.now > now.advanced(by: .milliseconds(30)) }
        #expect(notes.all == ["at once"])
        thread.run { notes.add("job") }
        try await eventually("both have run") { notes.all.count == 3 }
        #expect(notes.all == ["at once", "job", "along"])
        thread.run(at: .now, tolerance: .milliseconds(1)) { notes.add("alone") }
        try await eventually("nothing else comes") { notes.all.last == "alone" }
    }

    @Test func anAlarmOfLaterDoesNotHoldUpAJob() async throws {
        let (thread, notes) = (JobThread("alarms"), Notes())
        thread.run(at: .now.advanced(by: .seconds(3600))) { notes.add("alarm") }
        thread.run { notes.add("job") }
        try await eventually("the job has run") { notes.all == ["job"] }
    }

    @Test func theThreadIsNamedAndEndsWithItsObject() async throws {
        let name = "ends \(UInt32.random(in: 0...999_999))"
        func isThere() throws -> Bool { try Threads.names().contains(name) }
        do {
            let (thread, notes) = (JobThread(name), Notes())
            #expect(try !isThere())
            thread.run { notes.add("job") }
            try await eventually("the job has run") { notes.all == ["job"] }
            #expect(try isThere())
            thread.run(at: .now.advanced(by: .seconds(3600))) { notes.add("alarm") }
        }
        try await eventually("the thread has ended") { try !isThere() }
    }

    /// The last reference may go with a job, on the thread itself; what was added before still runs.
    @Test func aJobMayLetGoOfItsThread() async throws {
        let (notes, name) = (Notes(), "lets go \(UInt32.random(in: 0...99_999))")
        do {
            let thread = JobThread(name)
            thread.run {
                withExtendedLifetime(thread) { notes.add("first") }
            }
            thread.run { notes.add("second") }
        }
        try await eventually("both have run") { notes.all == ["first", "second"] }
        try await eventually("the thread has ended") { try !Threads.names().contains(name) }
    }

    @Test func aSemaphoreKeepsASignalAndGivesUp() {
        let semaphore = Semaphore()
        semaphore.signal()
        semaphore.wait()
        let before = ContinuousClock.now
        semaphore.wait(for: .milliseconds(30))
        #expect(ContinuousClock.now - before >= .milliseconds(30))
    }
}

/// The threads of this process.
private enum Threads {
    /// Their names, as `top -H` shows them.
    static func names() throws -> [String] {
        var names: [String] = []
        guard let folder = unsafe opendir("/proc/self/task") else { throw NeverHappened(description: "no /proc") }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let task = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            // A thread may end meanwhile.
            if let name = try? SmallFile.text("/proc/self/task/\(task)/comm") {
                names.append(String(name.prefix { $0 != "\n" }))
            }
        }
        return names
    }
}
