// What the rest of the program wants to know of a Redis besides its samples: the health page judges by it, and the
// machine's part finds the server's process with it.

import Metrics

/// The state of a Redis at the newest poll that worked. What the server did not tell is nil.
public struct RedisFacts: Sendable, Equatable {
    public enum Role: String, Sendable {
        case primary = "master"
        case replica = "slave"
        case sentinel
    }

    public let version: String?
    public let role: Role?
    /// In the server's own process namespace.
    public let processID: Int32?
    /// The port that the server listens on.
    public let port: UInt16?
    public let isLoading: Bool
    /// Bytes; a maximum of 0 means no limit.
    public let usedMemory: Double?
    public let maxMemory: Double?
    public let systemMemory: Double?
    public let connectedClients: Double?
    public let maxClients: Double?
    /// Since the server started.
    public let keyspaceHits: Double?
    public let keyspaceMisses: Double?
    public let commandsProcessed: Double?
    public let errorReplies: Double?
    public let lastSaveWorked: Bool?
    public let lastWriteWorked: Bool?
    public let lastRewriteWorked: Bool?
    /// Only on a replica.
    public let primaryLinkIsUp: Bool?
    public let connectedReplicas: Double?

    init(_ info: InfoReply) {
        version = info.instance["valkey_version"] ?? info.instance["redis_version"]
        role = info.mode == .sentinel ? .sentinel : info.instance["role"].flatMap(Role.init)
        processID = info.instance["process_id"].flatMap { Int32($0) }
        port = info.instance["tcp_port"].flatMap { UInt16($0) }
        isLoading = info[InfoFields.loading] == 1
        usedMemory = info[InfoFields.usedMemory]
        maxMemory = info[InfoFields.maxMemory]
        systemMemory = info[InfoFields.systemMemory]
        connectedClients = info[InfoFields.connectedClients]
        maxClients = info[InfoFields.maxClients]
        keyspaceHits = info[InfoFields.keyspaceHits]
        keyspaceMisses = info[InfoFields.keyspaceMisses]
        commandsProcessed = info[InfoFields.commandsProcessed]
        errorReplies = info[InfoFields.errorReplies]
        lastSaveWorked = info[InfoFields.lastSave].map { $0 == 1 }
        lastWriteWorked = info[InfoFields.lastWrite].map { $0 == 1 }
        lastRewriteWorked = info[InfoFields.lastRewrite].map { $0 == 1 }
        primaryLinkIsUp = info.samples.first(Replication.linkUp).map { $0 == 1 }
        connectedReplicas = info[InfoFields.connectedReplicas]
    }
}
