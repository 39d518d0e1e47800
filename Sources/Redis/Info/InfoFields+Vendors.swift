// What KeyDB and the managed services of the clouds add to INFO.

extension InfoFields {
    static let vendors: [InfoField] = [
        .gauge("server_threads", "redis_server_threads_total", "Threads of a KeyDB server"),
        .counter("long_lock_waits", "redis_long_lock_waits_total", "Times that KeyDB waited long for its lock"),
        .gauge("current_client_thread", "redis_current_client_thread", "Thread of KeyDB that serves this connection"),
        .counter("cached_keys", "redis_cached_keys_total", "Keys that KeyDB has cached from its storage"),
        .counter(
            "storage_provider_read_hits", "redis_storage_provider_read_hits", "Reads that KeyDB's storage answered"),
        .counter(
            "storage_provider_read_misses", "redis_storage_provider_read_misses",
            "Reads that KeyDB's storage did not answer"),
        .gauge("maxmemory_reservation", "redis_memory_max_reservation_bytes", "Memory that Azure reserves in use"),
        .gauge(
            "maxmemory_desired_reservation", "redis_memory_max_reservation_desired_bytes",
            "Memory that Azure is asked to reserve"),
        .gauge(
            "maxfragmentationmemory_reservation", "redis_memory_max_fragmentation_reservation_bytes",
            "Memory that Azure reserves for fragmentation"),
        .gauge(
            "maxfragmentationmemory_desired_reservation", "redis_memory_max_fragmentation_reservation_desired_bytes",
            "Memory that Azure is asked to reserve for fragmentation"),
    ]
}
