// Whether the server is a primary or a replica, and each change of that: a failover shows as one server that became a
// replica and another that became a primary.

import Metrics

/// The role of one target, from poll to poll.
struct RoleChanges: Sendable {
    static let role = Descriptor(
        .gauge, "redis_role", labels: ["role"],
        help: "The server's role: 1 at the one that it has, 0 at the others (INFO role).")
    static let changes = Descriptor(
        .counter, "redis_role_changes_total", labels: ["from", "to"],
        help: "Times that the role at the target's address was another than in the poll before (INFO role).")

    static let descriptors = [role, changes]

    private struct Change: Hashable {
        let from: String
        let to: String
    }

    /// Roles that servers have. Any other word is no role.
    private static let roles = ["master", "slave", "active-replica", "sentinel"]
    /// The two that a failover brings.
    private static let usual = [Change(from: "master", to: "slave"), Change(from: "slave", to: "master")]

    private var counts = Dictionary(uniqueKeysWithValues: usual.map { ($0, UInt64(0)) })
    private var last: String?

    /// The families after a poll that found this role; none when the server does not say.
    mutating func samples(after role: String?) -> Samples {
        var samples = Samples()
        guard let role, Self.roles.contains(role) else { return samples }
        if let last, last != role { counts[Change(from: last, to: role), default: 0] += 1 }
        last = role
        for known in Self.roles where known == role || known == "master" || known == "slave" {
            samples.add(Self.role, known == role ? 1 : 0, known)
        }
        for (change, count) in counts { samples.add(Self.changes, Double(count), change.from, change.to) }
        return samples
    }
}
