// Work that waits for its turn or for its time. libdispatch has queues and timers for it too. It makes a thread anew
// for each poll that comes after a rest of five seconds, takes four threads' turns for one timer, and opens descriptors
// for all that. This takes one thread, which sleeps in one system call.

import Synchronization

/// One thread that does jobs in the order in which they come, and others when they are due.
///
/// The thread starts with the first job, and ends when the object is let go and all jobs are done; alarms are forgotten
/// then. A job may let go of the object itself. Where the machine has no room for a thread, jobs wait until the next
/// turn of any other thread of this kind, which tries again.
public final class JobThread: Sendable {
    public typealias Job = @Sendable () -> Void

    /// A job that is due at some time.
    public struct Alarm: Sendable {
        fileprivate let due: SuspendingClock.Instant
        /// When the thread wakes for it, where nothing else has woken it since it was due.
        fileprivate let latest: SuspendingClock.Instant
        fileprivate let number: UInt64
    }

    private let desk: Desk

    /// - Parameter name: what `top -H` shows; the first 15 bytes of it.
    public init(_ name: String) {
        desk = Desk(name)
    }

    deinit {
        desk.close()
    }

    /// Starts the thread before there is a job for it.
    ///
    /// - Throws: when the machine has no room for it.
    public func start() throws(SystemError) {
        try desk.start()
    }

    /// Does the job after all that came before it.
    public func run(_ job: @escaping Job) {
        desk.add { $0.jobs.append(job) }
    }

    /// Does the job when it is due; at once when that is past.
    ///
    /// - Parameter tolerance: how much later will do. The job comes along with the first other one in that time, so
    ///   that the thread need not wake for it alone.
    @discardableResult
    public func run(at due: SuspendingClock.Instant, tolerance: Duration = .zero, _ job: @escaping Job) -> Alarm {
        desk.add { $0.set(job, at: due, tolerance) }
    }

    /// Forgets a job that is not due yet.
    public func cancel(_ alarm: Alarm) {
        desk.forget(alarm)
    }
}

/// What the thread shares with the callers that have work for it.
private final class Desk: Sendable {
    struct State {
        enum Thread {
            case absent
            case awake
            /// Asleep, until that time at the latest.
            case asleep(until: SuspendingClock.Instant?)
        }

        var jobs: [JobThread.Job] = []
        /// The one that is due last comes first.
        var alarms: [(alarm: JobThread.Alarm, job: JobThread.Job)] = []
        /// Those that may be late, in no order; there are few.
        var patient: [(alarm: JobThread.Alarm, job: JobThread.Job)] = []
        var alarmsSet: UInt64 = 0
        var thread = Thread.absent
        var isClosed = false

        mutating func set(
            _ job: @escaping JobThread.Job, at due: SuspendingClock.Instant, _ tolerance: Duration
        ) -> JobThread.Alarm {
            alarmsSet &+= 1
            let alarm = JobThread.Alarm(due: due, latest: due.advanced(by: tolerance), number: alarmsSet)
            guard tolerance == .zero else {
                patient.append((alarm, job))
                return alarm
            }
            // Of two that are due at the same time, the one that was set first is done first.
            let place = alarms.lastIndex { $0.alarm.due > due }.map { $0 + 1 } ?? 0
            alarms.insert((alarm, job), at: place)
            return alarm
        }

        /// When the thread has to wake although no job comes.
        var end: SuspendingClock.Instant? {
            patient.reduce(alarms.last?.alarm.due) { min($0 ?? $1.alarm.latest, $1.alarm.latest) }
        }

        /// All jobs whose turn it is, now that the thread is awake.
        mutating func take(at now: SuspendingClock.Instant) -> [JobThread.Job] {
            while let next = alarms.last, next.alarm.due <= now {
                jobs.append(next.job)
                alarms.removeLast()
            }
            while let place = patient.firstIndex(where: { $0.alarm.due <= now }) {
                jobs.append(patient.remove(at: place).job)
            }
            defer { jobs = [] }
            return jobs
        }

        mutating func forget(_ alarm: JobThread.Alarm) -> JobThread.Job? {
            if let place = alarms.firstIndex(where: { $0.alarm.number == alarm.number }) {
                return alarms.remove(at: place).job
            }
            return patient.firstIndex { $0.alarm.number == alarm.number }.map { patient.remove(at: $0).job }
        }

        /// Whether the thread sleeps longer than it should.
        var isLate: Bool {
            guard case .asleep(let end) = thread else { return false }
            guard jobs.isEmpty, !isClosed else { return true }
            guard let next = self.end else { return false }
            return end.map { next < $0 } ?? true
        }
    }

    private enum Step {
        case work([JobThread.Job])
        case sleep(until: SuspendingClock.Instant?)
        case end
    }

    private let name: String
    private let state = Mutex(State())
    private let bell = Semaphore()

    init(_ name: String) {
        self.name = name
    }

    func add<Receipt: Sendable>(_ change: (inout State) -> Receipt) -> Receipt {
        let (receipt, isAbsent) = state.withLock { state in
            let receipt = change(&state)
            wakeIfLate(&state)
            if case .absent = state.thread { return (receipt, true) }
            return (receipt, false)
        }
        if isAbsent { startOrWait() }
        return receipt
    }

    func forget(_ alarm: JobThread.Alarm) {
        // The job is let go outside of the lock, since that may set off anything.
        _ = state.withLock { $0.forget(alarm) }
    }

    func close() {
        let forgotten = state.withLock { state in
            state.isClosed = true
            wakeIfLate(&state)
            defer { (state.alarms, state.patient) = ([], []) }
            return state.alarms + state.patient
        }
        _ = forgotten
    }

    private func wakeIfLate(_ state: inout State) {
        guard state.isLate else { return }
        state.thread = .awake
        bell.signal()
    }

    /// Those whose thread could not be started.
    private static let waiting = Mutex<[Desk]>([])
    private static let areWaiting = Atomic(false)

    /// Starts the thread unless there is one.
    func start() throws(SystemError) {
        let isAbsent = state.withLock { state in
            guard case .absent = state.thread else { return false }
            state.thread = .awake
            return true
        }
        guard isAbsent else { return }
        do throws(SystemError) {
            _ = try WorkerThread(name) { self.loop() }
        } catch {
            state.withLock { $0.thread = .absent }
            throw error
        }
    }

    private func startOrWait() {
        do throws(SystemError) {
            try start()
        } catch {
            Self.waiting.withLock { $0.append(self) }
            Self.areWaiting.store(true, ordering: .releasing)
        }
    }

    private static func startWaiting() {
        guard areWaiting.exchange(false, ordering: .acquiring) else { return }
        let desks = waiting.withLock { desks in
            defer { desks = [] }
            return desks
        }
        for desk in desks { desk.startOrWait() }
    }

    private func loop() {
        while true {
            Self.startWaiting()
            switch nextStep() {
            case .work(let jobs): for job in jobs { job() }
            case .sleep(let end): bell.wait(for: end.map { max(.zero, SuspendingClock.now.duration(to: $0)) })
            case .end: return
            }
        }
    }

    private func nextStep() -> Step {
        state.withLock { state in
            state.thread = .awake
            let jobs = state.take(at: .now)
            if !jobs.isEmpty { return .work(jobs) }
            if state.isClosed { return .end }
            let end = state.end
            state.thread = .asleep(until: end)
            return .sleep(until: end)
        }
    }
}
