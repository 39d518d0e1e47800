// What is being polled: the sources of the configuration, and the members of groups, which join and leave.

import Metrics
import Synchronization

/// How many runners of a roster have not ended, which those who wait for that may know without keeping the roster.
final class RunningCount: Sendable {
    private let runners = Atomic(0)

    /// Whether the last poll has ended.
    var isZero: Bool { runners.load(ordering: .acquiring) == 0 }

    fileprivate func begin() { runners.add(1, ordering: .relaxed) }
    fileprivate func end() { runners.subtract(1, ordering: .releasing) }
}

/// Runs a runner for every source, from the time that it comes until it goes.
final class Roster: Sendable {
    private struct Entry {
        let place: Registry.Place
        let task: Task<Void, Never>
    }

    private struct State {
        var fixed: [Entry] = []
        /// The entries of each member, by the names of group and member.
        var members: [String: [String: [Entry]]] = [:]
        var memberships: [String: Membership] = [:]
        var isStopped = false
        /// Whether every source that was there has been polled at some moment.
        var wasReady = false
        /// What is done then; nil once it is done.
        var whenReady: (@Sendable () -> Void)?
    }

    let registry: Registry
    let running = RunningCount()
    private let log: Log
    private let heartbeats: Heartbeats
    private let rhythm: RhythmDesk?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - rhythm: of the scrapes that polls follow; nil where they do not.
    ///   - whenReady: done once, when the last source has been polled for the first time.
    init(
        _ registry: Registry, log: Log, heartbeats: Heartbeats, rhythm: RhythmDesk? = nil,
        whenReady: @escaping @Sendable () -> Void = {}
    ) {
        self.registry = registry
        state = Mutex(State(whenReady: whenReady))
        self.log = log
        self.heartbeats = heartbeats
        self.rhythm = rhythm
    }

    /// Polls a source from now on.
    ///
    /// - Parameter former: what an earlier roster knew; a source of the same name goes on from it.
    func add(_ source: Source, after former: [Report] = []) {
        state.withLock { $0.fixed.append(start(source, after: former)) }
    }

    /// Polls the members of a group from now on, which change; at first those that an earlier roster had.
    func add(_ group: SourceGroup, after former: [Report] = []) {
        let known = Set(former.filter { $0.source.group == group.name }.map(\.source.address)).sorted()
        if !known.isEmpty { take(known.compactMap(group.recall), of: group, after: former) }
        let discovery = group.discovery(known) { [weak self] members in self?.take(members, of: group) }
        add(discovery, after: former)
    }

    /// Whether every source has been polled, whatever came of it. Members that join later do not undo it.
    var isReady: Bool {
        let isReady = registry.contents.reports.allSatisfy(\.isPolled)
        return state.withLock { state in
            state.wasReady = state.wasReady || isReady
            return state.wasReady
        }
    }

    private func noteReady() {
        guard state.withLock({ $0.whenReady != nil }), isReady else { return }
        let whenReady = state.withLock { $0.whenReady.take() }
        whenReady?()
    }

    /// Stops polling. A poll that is under way ends on its own.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.fixed.forEach { $0.task.cancel() }
            state.members.values.joined().forEach { member in member.value.forEach { $0.task.cancel() } }
        }
    }

    private func take(_ members: [SourceGroup.Member], of group: SourceGroup, after former: [Report] = []) {
        let change = state.withLock { state -> Membership.Change in
            guard !state.isStopped else { return Membership.Change() }
            let change = state.memberships[group.name, default: Membership()].take(members.map(\.name))
            for name in change.left {
                for entry in state.members[group.name]?.removeValue(forKey: name) ?? [] {
                    entry.task.cancel()
                    registry.remove(entry.place)
                }
            }
            for (name, share) in change.joined {
                let sources = members.first { $0.name == name }?.sources(group.interval * share) ?? []
                state.members[group.name, default: [:]][name] = sources.map { start($0, after: former) }
            }
            return change
        }
        for name in change.left { log.info("target left", [("target", name), ("group", group.name)]) }
        for (name, _) in change.joined { log.info("target joined", [("target", name), ("group", group.name)]) }
    }

    private func start(_ source: Source, after former: [Report]) -> Entry {
        let report = Report(source, after: former.first { $0.source.name == source.name })
        let place = registry.add(report)
        // A name of its own for each roster, so that an old loop that ends late is not taken for the new one.
        let loop = heartbeats.newLoop(source.name)
        let runner = Runner(
            index: place, source: source, first: report, registry: registry, log: log, clock: TaskClock(),
            heartbeat: { [heartbeats] in heartbeats.beat(loop, pause: $0) }, random: { Double.random(in: 0...1) },
            rhythm: rhythm, published: { [weak self] in self?.noteReady() })
        running.begin()
        let task = Task(executorPreference: TaskThread.shared) { [heartbeats, running] in
            await runner.run()
            heartbeats.forget(loop)
            running.end()
        }
        return Entry(place: place, task: task)
    }
}
