// INFO server and INFO clients.

extension InfoFields {
    static let server: [InfoField] = [
        uptime,
        processID,
        .gauge("hz", "redis_hz", "How often per second the server's timer runs now"),
        .gauge("configured_hz", "redis_configured_hz", "How often per second the server's timer is configured to run"),
        .gauge("clients_hz", "redis_clients_hz", "How often per second Valkey's client timer runs"),
        .gauge("io_threads_active", "redis_io_threads_active", "Whether the I/O threads are at work"),
    ]

    static let clients: [InfoField] = [
        connectedClients,
        .gauge(
            "cluster_connections", "redis_cluster_connections", "Sockets of the cluster bus, as the server estimates"),
        blockedClients,
        maxClients,
        .gauge("tracking_clients", "redis_tracking_clients", "Clients with client-side caching switched on"),
        .gauge(
            "clients_in_timeout_table", "redis_clients_in_timeout_table",
            "Clients whose blocking command has a time-out"),
        .gauge("pubsub_clients", "redis_pubsub_clients", "Clients that subscribe to channels or patterns"),
        .gauge("watching_clients", "redis_watching_clients", "Clients that watch keys for a transaction"),
        .gauge("total_watched_keys", "redis_total_watched_keys", "Keys that clients watch"),
        .gauge("total_blocking_keys", "redis_total_blocking_keys", "Keys that blocked clients wait for"),
        .gauge(
            "total_blocking_keys_on_nokey", "redis_total_blocking_keys_on_nokey",
            "Keys whose deletion would wake a blocked client"),
        .gauge(
            "client_longest_output_list", "redis_client_longest_output_list",
            "Longest output list of a client, before Redis 5"),
        .gauge(
            "client_biggest_input_buf", "redis_client_biggest_input_buf",
            "Largest input buffer of a client, before Redis 5"),
        .gauge(
            "client_recent_max_output_buffer", "redis_client_recent_max_output_buffer_bytes",
            "Largest output buffer of a client in the last seconds"),
        .gauge(
            "client_recent_max_input_buffer", "redis_client_recent_max_input_buffer_bytes",
            "Largest input buffer of a client in the last seconds"),
        .gauge(
            "paused_timeout_milliseconds", "redis_paused_timeout_seconds", "What is left of a CLIENT PAUSE",
            .divisor(1000)),
    ]
}
