// One Redis that is watched: a connection that is kept, and replaced when it leads nowhere or to another server than it
// should. What is asked on it is in RedisTarget+Poll.swift.

public import Metrics
import Synchronization
import System

/// Polls one Redis, Valkey or Sentinel.
///
/// Each poll is one pipeline on a connection that is kept open. A kept connection that turns out to be closed is
/// replaced once within the same poll, so that a restart or a CLIENT KILL between polls is no failure.
public actor RedisTarget: Collector {
    public nonisolated let name = "redis"
    public nonisolated let parts: [String]

    /// The value of the `target` label.
    public nonisolated let label: String

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private nonisolated let executor: BlockingExecutor
    nonisolated let status = Mutex(RedisTargetStatus())

    private nonisolated let isToAskAgain = Atomic(false)

    let route: ServerRoute
    var roleWatch = RoleWatch()
    let settings: RedisSettings
    private let companion: RedisCompanion
    var connection: RedisConnection?
    /// What is asked besides INFO, with what each part remembers.
    var queried: [any RedisPart]
    var schedule = PartSchedule(tolerance: .zero)
    var infoForm = InfoForm(for: ServerIdentity())
    /// The newest answer to CONFIG GET on this connection.
    var config: ConfigParameters?
    var roles = RoleChanges()
    var lookups = OwnLookups()
    var calls = OwnCalls()
    /// Commands that were carried out on earlier connections.
    private var executedEarlier: UInt64 = 0
    private var runID = ""

    /// - Parameter companion: the listeners for what a poll brings besides samples.
    public init(_ address: RedisAddress, _ settings: RedisSettings, companion: RedisCompanion = RedisCompanion()) {
        self.init(address.label, .server(at: address, settings), settings, companion)
    }

    /// Watches the primary that Sentinels name, wherever it is; each poll asks them first.
    public init(_ group: SentinelAddress, _ settings: RedisSettings, companion: RedisCompanion = RedisCompanion()) {
        self.init(group.name, .primary(of: group, settings), settings, companion)
    }

    private init(
        _ label: String, _ route: ServerRoute, _ settings: RedisSettings, _ companion: RedisCompanion
    ) {
        self.label = label
        self.route = route
        self.settings = settings
        self.companion = companion
        queried = RedisParts.all(settings, companion).filter(\.isWanted)
        parts = [InfoReply.name] + route.parts + queried.map(\.name)
        executor = BlockingExecutor("redis \(label.suffix(9))")
    }

    /// What is known besides the samples; may be asked at any time, also during a poll.
    public nonisolated var currentStatus: RedisTargetStatus { status.withLock { $0 } }

    /// Lets the next poll ask everything, also what the server has refused: the operator may have granted it.
    public nonisolated func askAgain() {
        isToAskAgain.store(true, ordering: .relaxed)
    }

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        do throws(CollectorFailure) {
            return try poll(before: deadline)
        } catch {
            disconnect()
            beginCount()
            status.withLock { $0.forgetServer() }
            throw error
        }
    }

    /// Closes the connection; the next poll opens another.
    public func disconnect() {
        executedEarlier = executed
        connection = nil
        schedule.forgetAnswers()
        config = nil
    }

    private func poll(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        if isToAskAgain.exchange(false, ordering: .relaxed) { schedule.forgetAnswers() }
        let address = try route.destination(before: deadline)
        let isKept = isCurrent(for: address) && connection?.isSpent() == false
        if !isKept { try connect(to: address, before: deadline) }
        do throws(CollectorFailure) {
            return try ask(before: deadline)
        } catch {
            guard isKept, error.reason == .closed || error.reason == .auth else { throw error }
            beginCount()
            try connect(to: address, before: deadline)
            return try ask(before: deadline)
        }
    }

    /// Whether there is a connection that leads where it should.
    private func isCurrent(for address: RedisAddress) -> Bool {
        guard let connected = connection?.address, let peer = connection?.peer else { return false }
        return connected == address && route.leads(to: peer) && !roleWatch.isOutdated
    }

    private func connect(to address: RedisAddress, before deadline: Deadline) throws(CollectorFailure) {
        disconnect()
        let start = ContinuousClock.now
        connection = try RedisConnection.open(to: address, settings, before: deadline.orAfter(settings.connectTimeout))
        route.connected()
        roleWatch.connected()
        let server = connection?.server ?? ServerIdentity()
        if server.runID != runID { beginCount() }
        infoForm = InfoForm(for: server)
        for index in queried.indices { queried[index].connected(to: server) }
        // What one server cannot bear, another may.
        if server.runID.isEmpty || server.runID != runID { schedule = PartSchedule(tolerance: .zero) }
        runID = server.runID
        let duration = ContinuousClock.now - start
        status.withLock {
            $0.address = address
            $0.lastConnectDuration = duration
        }
        companion.onConnect?(address)
    }

    /// Commands of ours that the server has carried out.
    var executed: UInt64 { executedEarlier &+ (connection?.commandsExecuted ?? 0) }

    /// From here on our commands are counted anew.
    private func beginCount() {
        status.withLock { $0.count &+= 1 }
    }

    /// Every family that a poll can bring, but for fields of CLUSTER INFO that no table names: those are passed on as
    /// `redis_cluster_…`.
    public static let descriptors: [Descriptor] =
        InfoReply.descriptors + RoleChanges.descriptors + RedisParts.descriptors + OwnLookups.descriptors
        + RedisCluster.descriptors
}
