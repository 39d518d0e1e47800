// How many connections each program holds: by ACL user, by the name that it gives itself and by its library. Never a
// series per client, and never a name that tells one process, host or person from another.

import Metrics

/// The connections by kind, from one CLIENT LIST to the next.
struct ClientCounts: Sendable {
    private static let labels = ["user", "name", "lib"]

    static let clients = Descriptor(
        .gauge, "redis_clients", labels: labels,
        help: "Connections by ACL user, client name and library, 50 kinds at the most (CLIENT LIST).")
    static let idle = Descriptor(
        .gauge, "redis_clients_idle", labels: labels,
        help:
            "Those that have sent nothing for five minutes, by a list that may be minutes old (CLIENT LIST idle).")
    static let blocked = Descriptor(
        .gauge, "redis_clients_blocked", labels: labels,
        help: "Those of them that wait in a blocking command (CLIENT LIST flags).")

    static let descriptors = [clients, idle, blocked]

    /// Kinds that are shown; the rest is `other`.
    static let mostKinds = 50
    private static let idleSeconds: Int64 = 300

    struct Kind: Hashable {
        var user: String
        var name: String
        var library: String

        static let other = Kind(user: "other", name: "other", library: "other")
    }

    private struct Count {
        var all = 0.0
        var idle = 0.0
        var blocked = 0.0

        mutating func add(_ client: RedisClient, idleAfter seconds: Int64) {
            all += 1
            if client.idle >= seconds { idle += 1 }
            if client.isBlocked { blocked += 1 }
        }

        mutating func add(_ other: Count) {
            all += other.all
            idle += other.idle
            blocked += other.blocked
        }
    }

    /// Those that were shown last. They stay while they have a connection, so that none hops in and out of `other`.
    private var shown: Set<Kind> = []

    /// The families for a list of clients.
    mutating func samples(of clients: [RedisClient]) -> Samples {
        var counts: [Kind: Count] = [:]
        for client in clients {
            let kind = Kind(
                user: ClientLabel.user(client.user), name: ClientLabel.name(client.name),
                library: ClientLabel.library(client.library))
            counts[kind, default: Count()].add(client, idleAfter: Self.idleSeconds)
        }
        choose(from: counts)
        var rest = Count()
        var samples = Samples()
        for (kind, count) in counts {
            if shown.contains(kind) { Self.add(count, of: kind, to: &samples) } else { rest.add(count) }
        }
        if rest.all > 0 { Self.add(rest, of: .other, to: &samples) }
        return samples.inOrder
    }

    /// Keeps those that are still there, and fills up with the largest of the others.
    private mutating func choose(from counts: [Kind: Count]) {
        shown = shown.filter { counts[$0] != nil }
        let others = counts.filter { !shown.contains($0.key) }.sorted { left, right in
            (right.value.all, left.key.text) < (left.value.all, right.key.text)
        }
        shown.formUnion(others.prefix(max(0, Self.mostKinds - shown.count)).map(\.key))
    }

    private static func add(_ count: Count, of kind: Kind, to samples: inout Samples) {
        samples.add(clients, count.all, kind.user, kind.name, kind.library)
        samples.add(idle, count.idle, kind.user, kind.name, kind.library)
        samples.add(blocked, count.blocked, kind.user, kind.name, kind.library)
    }
}

extension ClientCounts.Kind {
    fileprivate var text: String { "\(user) \(name) \(library)" }
}
