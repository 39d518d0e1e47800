// What a server is to the others.

/// The role of a server as it tells it (INFO role).
public enum RedisRole: String, Sendable {
    case primary = "master"
    case replica = "slave"
    case sentinel

    /// Nil when the server does not say.
    init?(_ info: InfoReply) {
        guard let role = info.mode == .sentinel ? .sentinel : info.instance["role"].flatMap(Self.init) else {
            return nil
        }
        self = role
    }
}
