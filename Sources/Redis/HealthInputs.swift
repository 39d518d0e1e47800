// The families by which the health page judges a Redis, and by which its process is found.

public import Metrics

extension RedisTarget {
    public static let processID = InfoFields.processID.descriptor
    public static let usedMemory = InfoFields.usedMemory.descriptor
    public static let maxMemory = InfoFields.maxMemory.descriptor
    public static let connectedClients = InfoFields.connectedClients.descriptor
    public static let maxClients = InfoFields.maxClients.descriptor
    public static let configuredMaxClients = ConfigParameters.maxClients
    public static let rejectedConnections = InfoFields.rejectedConnections.descriptor
    public static let keyspaceHits = InfoFields.keyspaceHits.descriptor
    public static let keyspaceMisses = InfoFields.keyspaceMisses.descriptor
    public static let ownKeyspaceHits = OwnLookups.hits
    public static let ownKeyspaceMisses = OwnLookups.misses
    public static let commandsProcessed = InfoFields.commandsProcessed.descriptor
    public static let commandErrors = CommandStatistics.errors
    public static let loading = InfoFields.loading.descriptor
    public static let appendOnlyFile = InfoFields.appendOnlyFile.descriptor
    public static let lastWrite = InfoFields.lastWrite.descriptor
    public static let lastSave = InfoFields.lastSave.descriptor
    public static let changesSinceSave = InfoFields.changesSinceSave.descriptor
    public static let primaryLink = Replication.linkUp
    public static let sentinelMasters = InfoFields.sentinelMasters.descriptor
    public static let connectedReplicas = InfoFields.connectedReplicas.descriptor
}
