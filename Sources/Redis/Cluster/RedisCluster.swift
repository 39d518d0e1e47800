// The nodes behind `redis-cluster://`. One of them is asked every few seconds for the others; each node is a target
// of its own then.

public import Metrics
import System

/// Finds the nodes of one cluster, and says whenever it has looked which they are.
public actor RedisCluster: Collector {
    static let nodes = Descriptor(
        .gauge, "sidelong_redis_nodes", help: "Nodes of the cluster that are watched (CLUSTER SHARDS).")
    static let nodesLeftOut = Descriptor(
        .gauge, "sidelong_redis_nodes_left_out",
        help: "Nodes of the cluster that are not watched, because there are more than --redis.max-nodes.")

    static let descriptors = [nodes, nodesLeftOut]

    /// How often the cluster should be asked: nodes that join or leave are noticed well within a minute.
    public static let interval = Duration.seconds(15)

    public nonisolated let name = "redis_nodes"
    public nonisolated let parts: [String] = []

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private nonisolated let executor = BlockingExecutor("redis-nodes")

    private let seeds: [RedisAddress]
    private let settings: RedisSettings
    private let onNodes: @Sendable ([RedisAddress]) -> Void
    private var members: ClusterMembers
    private var source: ClusterInformant?

    /// - Parameters:
    ///   - limit: how many nodes are watched at the most.
    ///   - known: nodes that were found earlier, under another configuration.
    ///   - onNodes: gets all nodes after each look. Until one has worked, and where none was known before, the nodes
    ///     are those of the address, so that a cluster that is down is seen to be down.
    public init(
        _ address: ClusterAddress, _ settings: RedisSettings, limit: Int, known: [RedisAddress] = [],
        onNodes: @escaping @Sendable ([RedisAddress]) -> Void
    ) {
        seeds = address.seeds
        self.settings = settings
        self.onNodes = onNodes
        members = ClusterMembers(known.map(\.endpoint), limit: limit)
    }

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        do throws(CollectorFailure) {
            members.take(try look(before: deadline))
        } catch {
            source = nil
            onNodes(members.endpoints.isEmpty ? seeds : addresses)
            throw error
        }
        onNodes(addresses)
        var samples = Samples()
        samples.add(Self.nodes, Double(members.endpoints.count))
        samples.add(Self.nodesLeftOut, Double(members.leftOut))
        return Collected(samples: samples)
    }

    private var addresses: [RedisAddress] { members.endpoints.map(seeds[0].moved) }

    /// Asks one node, and others as well where it does not know all that were known before.
    private func look(before deadline: Deadline) throws(CollectorFailure) -> ClusterView {
        let first = try firstView(before: deadline)
        guard members.isShrunk(first) else { return first }
        let others = addresses.filter { $0 != source?.address }.shuffled().prefix(Self.witnesses)
        var views = [first]
        for other in others {
            guard let witness = try? ClusterInformant(other, settings, before: share(of: deadline)) else { continue }
            guard let view = try? witness.view(before: share(of: deadline)) else { continue }
            views.append(view)
            if view.nodes.count > first.nodes.count { source = witness }
        }
        return ClusterMembers.widest(views) ?? first
    }

    /// The view of the node that was asked before, else of the first that answers: of those that are known, then of
    /// those of the address.
    private func firstView(before deadline: Deadline) throws(CollectorFailure) -> ClusterView {
        if let source, let view = try? source.view(before: share(of: deadline)) { return view }
        source = nil
        var failure = CollectorFailure(.connect, "no node of the cluster answers")
        for candidate in (addresses + seeds).prefix(Self.mostCandidates) where !deadline.isOver {
            do throws(CollectorFailure) {
                let found = try ClusterInformant(candidate, settings, before: share(of: deadline))
                let view = try found.view(before: share(of: deadline))
                source = found
                return view
            } catch {
                failure = CollectorFailure(error.reason, "\(candidate.label): \(error.message)")
            }
        }
        throw failure
    }

    /// A part of the time, so that a node that swallows packets does not keep others from being asked.
    private func share(of deadline: Deadline) -> Deadline {
        deadline.orAfter(deadline.remaining / 4)
    }

    /// Nodes that are asked in one look, until one answers.
    private static let mostCandidates = 8
    /// Further nodes that are asked when one has lost sight of others.
    private static let witnesses = 2
}

/// The connection to a node that is asked for the others.
final class ClusterInformant {
    let address: RedisAddress
    private var connection: RedisConnection
    private var knowsShards = true

    init(_ address: RedisAddress, _ settings: RedisSettings, before deadline: Deadline) throws(CollectorFailure) {
        self.address = address
        connection = try RedisConnection.open(
            to: address, settings, before: deadline.orAfter(settings.connectTimeout))
    }

    func view(before deadline: Deadline) throws(CollectorFailure) -> ClusterView {
        if knowsShards {
            let reply = try ask(ClusterView.shards, before: deadline)
            guard case .error = reply else { return try ClusterView(shards: reply, from: address) }
            knowsShards = false
        }
        let reply = try ask(ClusterView.slots, before: deadline)
        if case .error(let text) = reply {
            guard !text.mentions("cluster support disabled") else {
                throw CollectorFailure(
                    .unsupported, "this is no node of a cluster; its address is redis://\(address.label)")
            }
            throw CollectorFailure(serverError: text, to: "CLUSTER SLOTS")
        }
        return try ClusterView(slots: reply, from: address)
    }

    private func ask(_ command: [String], before deadline: Deadline) throws(CollectorFailure) -> RedisReply {
        defer { connection.endPoll() }
        return try connection.pipeline([command], before: deadline).first ?? .null
    }
}
