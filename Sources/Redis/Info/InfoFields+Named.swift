// The rows that are looked up by name: by the health page, by the search for the process, by what other rows mean. They
// stand in the tables of their sections like all others.

extension InfoFields {
    static let usedMemory: InfoField = .gauge(
        "used_memory", "redis_memory_used_bytes", "Memory that the allocator has handed to Redis")
    static let maxMemory: InfoField = .gauge(
        "maxmemory", "redis_memory_max_bytes", "Memory that Redis may use, 0 for no limit")
    static let systemMemory: InfoField = .gauge(
        "total_system_memory", "redis_total_system_memory_bytes", "Memory of the machine that the server runs on")
    static let processID: InfoField = .gauge(
        "process_id", "redis_process_id", "Process number of the server, in its own process namespace")
    static let uptime: InfoField = .gauge(
        "uptime_in_seconds", "redis_uptime_in_seconds", "Seconds since the server started")
    static let connectedClients: InfoField = .gauge(
        "connected_clients", "redis_connected_clients", "Client connections, without those of replicas")
    static let blockedClients: InfoField = .gauge(
        "blocked_clients", "redis_blocked_clients", "Clients that wait in a blocking command")
    static let maxClients: InfoField = .gauge(
        "maxclients", "redis_max_clients", "Client connections that the server allows at most")
    static let commandsProcessed: InfoField = .counter(
        "total_commands_processed", "redis_commands_processed_total", "Commands that were executed")
    static let connectionsReceived: InfoField = .counter(
        "total_connections_received", "redis_connections_received_total", "Connections that were accepted")
    static let rejectedConnections: InfoField = .counter(
        "rejected_connections", "redis_rejected_connections_total", "Connections refused because of maxclients")
    static let keyspaceHits: InfoField = .counter(
        "keyspace_hits", "redis_keyspace_hits_total", "Look-ups of keys that were there")
    static let keyspaceMisses: InfoField = .counter(
        "keyspace_misses", "redis_keyspace_misses_total", "Look-ups of keys that were not there")
    static let errorReplies: InfoField = .counter(
        "total_error_replies", "redis_total_error_replies", "Replies that were errors")
    static let loading: InfoField = .gauge(
        "loading", "redis_loading_dump_file", "Whether the server is loading its data")
    static let changesSinceSave: InfoField = .gauge(
        "rdb_changes_since_last_save", "redis_rdb_changes_since_last_save", "Changes since the last snapshot")
    static let lastSave: InfoField = .gauge(
        "rdb_last_bgsave_status", "redis_rdb_last_bgsave_status", "Whether the last snapshot succeeded")
    static let appendOnlyFile: InfoField = .gauge(
        "aof_enabled", "redis_aof_enabled", "Whether the append-only file is switched on")
    static let lastWrite: InfoField = .gauge(
        "aof_last_write_status", "redis_aof_last_write_status",
        "Whether the last write to the append-only file succeeded")
    static let lastRewrite: InfoField = .gauge(
        "aof_last_bgrewrite_status", "redis_aof_last_bgrewrite_status", "Whether the last rewrite succeeded")
    static let connectedReplicas: InfoField = .gauge(
        "connected_slaves", "redis_connected_slaves", "Replicas that are connected")
    static let clusterEnabled: InfoField = .gauge(
        "cluster_enabled", "redis_cluster_enabled", "Whether the server is a node of a cluster")
    static let sentinelMasters: InfoField = .gauge(
        "sentinel_masters", "redis_sentinel_masters", "Primaries that this Sentinel watches")
}
