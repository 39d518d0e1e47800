// The redis-server process next door, where this container can see it: on the same machine, or in a pod with
// `shareProcessNamespace: true`. Elsewhere it is invisible, and that is no failure.

public import Metrics
import System

/// Reads the families `redis_process_*` of one target's server.
///
/// Once found, a process is followed until it ends or Redis reports another number; a poll then reads five small files.
/// A number that was given to another process meanwhile is noticed by its start time.
public actor RedisProcessCollector: Collector {
    private static let invisible = Collected.Remark("process", "no process visible", isTrouble: false)
    private static let families = ProcessFamilies(prefix: "redis_process", whose: "the redis-server process")

    public static let all: [Descriptor] = families.all

    public nonisolated let name = "redis_process"
    public nonisolated let parts: [String] = []

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    /// Files of a process whose memory is locked, as during a dump, are read when that is over and not before.
    private nonisolated let executor = BlockingExecutor("redis-process")

    private let procfs: String
    private let hint: RedisProcessHint
    private let files = FileReader()
    private var state = State.lost(Pause(after: RedisProcessHint.Facts(), searches: 0))

    private enum State {
        case following(Process)
        case lost(Pause)
    }

    /// The process that the hint led to, by what names it for good.
    private struct Process {
        let hint: RedisProcessHint.Facts
        let number: Int
        let startTicks: UInt64
        let startTime: Double
    }

    /// How many polls pass before the next search with the same hint: one more after each that was in vain, 12 at most.
    private struct Pause {
        let hint: RedisProcessHint.Facts
        let searches: Int
        var polls: Int

        init(after hint: RedisProcessHint.Facts, searches: Int) {
            self.hint = hint
            self.searches = searches
            polls = min(searches, 12)
        }
    }

    /// - Parameters:
    ///   - procfs: where procfs is mounted: `--host.procfs`.
    ///   - hint: shared with the collector of the target.
    public init(procfs: String = "/proc", hint: RedisProcessHint) {
        self.procfs = procfs
        self.hint = hint
    }

    /// Returns no samples where the process is not visible.
    ///
    /// - Throws: when the process was found, and its files make no sense.
    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        do {
            let samples = try samples(for: hint.facts(before: deadline))
            return Collected(samples: samples, remarks: samples.families.isEmpty ? [Self.invisible] : [])
        } catch .absent, .denied {
            return Collected(remarks: [Self.invisible])
        } catch {
            throw error.failure
        }
    }

    private func samples(for facts: RedisProcessHint.Facts) throws(FileError) -> Samples {
        if case .following(let process) = state, process.hint == facts {
            do {
                return try samples(of: process)
            } catch .absent {
                state = .lost(Pause(after: facts, searches: 0))
            }
        }
        guard isSearchDue(for: facts), let process = try search(facts) else { return Samples() }
        state = .following(process)
        return try samples(of: process)
    }

    /// - Throws: `absent` when the process has ended, also where another has its number by now.
    private func samples(of process: Process) throws(FileError) -> Samples {
        let folder = "\(procfs)/\(process.number)"
        let facts = try ProcessFacts(of: folder, with: files)
        let last = try files.read("\(folder)/stat", as: ProcessStat.init)
        guard facts.stat.startTicks == process.startTicks, last.startTicks == process.startTicks else {
            throw .absent(folder)
        }
        var samples = Samples()
        Self.families.add(facts, to: &samples)
        samples.add(Self.families.openDescriptors, ifKnown: facts.openDescriptors.map { Double($0) })
        samples.add(Self.families.startTime, process.startTime)
        return samples
    }

    private func isSearchDue(for facts: RedisProcessHint.Facts) -> Bool {
        guard case .lost(var pause) = state, pause.hint == facts, pause.polls > 0 else { return true }
        pause.polls -= 1
        state = .lost(pause)
        return false
    }

    /// Nil, and a longer pause, when the process is not to be seen.
    private func search(_ facts: RedisProcessHint.Facts) throws(FileError) -> Process? {
        var searches = 1
        if case .lost(let pause) = state, pause.hint == facts { searches += pause.searches }
        state = .lost(Pause(after: facts, searches: searches))
        guard let number = RedisProcessFinder(procfs: procfs, files: files).find(facts) else { return nil }
        let found = try ProcessFacts(of: "\(procfs)/\(number)", with: files)
        return Process(
            hint: facts, number: number, startTicks: found.stat.startTicks,
            startTime: try found.startTime(procfs: procfs, with: files))
    }
}
