// INFO memory.

extension InfoFields {
    static let memory: [InfoField] = [
        usedMemory,
        .gauge(
            "used_memory_rss", "redis_memory_used_rss_bytes", "Memory of the server as the operating system sees it"),
        .gauge("used_memory_peak", "redis_memory_used_peak_bytes", "Most memory that Redis has used"),
        .gauge(
            "used_memory_peak_perc", "redis_memory_used_peak_ratio", "Used memory in proportion to its peak", .percent),
        .gauge("used_memory_overhead", "redis_memory_used_overhead_bytes", "Memory for the server's own structures"),
        .gauge("used_memory_startup", "redis_memory_used_startup_bytes", "Memory that the server used when it started"),
        .gauge(
            "used_memory_dataset", "redis_memory_used_dataset_bytes",
            "Memory for the data, which is used less overhead"),
        .gauge(
            "used_memory_dataset_perc", "redis_memory_used_dataset_ratio",
            "Memory for the data in proportion to what is used beyond the start", .percent),
        .gauge("used_memory_lua", "redis_memory_used_lua_bytes", "Memory of the Lua engine, under its old name"),
        .gauge("used_memory_vm_eval", "redis_memory_used_vm_eval_bytes", "Memory of the engine that runs EVAL scripts"),
        .gauge("used_memory_scripts_eval", "redis_memory_used_scripts_eval_bytes", "Memory for cached EVAL scripts"),
        .gauge(
            "used_memory_vm_functions", "redis_memory_used_vm_functions_bytes",
            "Memory of the engine that runs functions"),
        .gauge("used_memory_vm_total", "redis_memory_used_vm_total", "Bytes of memory of all script engines"),
        .gauge("used_memory_functions", "redis_memory_used_functions_bytes", "Memory for the functions themselves"),
        .gauge("used_memory_scripts", "redis_memory_used_scripts_bytes", "Memory for scripts and functions together"),
        .gauge("number_of_cached_scripts", "redis_number_of_cached_scripts", "EVAL scripts in the cache"),
        .gauge("number_of_functions", "redis_number_of_functions", "Functions that are loaded"),
        .gauge("number_of_libraries", "redis_number_of_libraries", "Function libraries that are loaded"),
        maxMemory,
        systemMemory,
        .gauge(
            "mem_fragmentation_ratio", "redis_mem_fragmentation_ratio", "Resident memory in proportion to used memory"),
        .gauge(
            "used_memory_peak_time", "redis_memory_used_peak_timestamp_seconds", "When Redis used most memory"),
        .gauge(
            "used_memory_hash_templates", "redis_memory_used_hash_templates_bytes",
            "Memory for the templates of hashes with the same fields, since Redis 8.10"),
        .gauge("mem_fragmentation_bytes", "redis_mem_fragmentation_bytes", "Resident memory less used memory"),
        .gauge("mem_clients_slaves", "redis_mem_clients_slaves", "Bytes of memory for the connections of replicas"),
        .gauge("mem_clients_normal", "redis_mem_clients_normal", "Bytes of memory for the connections of clients"),
        .gauge("mem_cluster_links", "redis_mem_cluster_links_bytes", "Memory for the links of the cluster bus"),
        .gauge("mem_aof_buffer", "redis_mem_aof_buffer_bytes", "Memory for the buffers of the append-only file"),
        .gauge("mem_replication_backlog", "redis_mem_replication_backlog_bytes", "Memory for the replication backlog"),
        .gauge(
            "mem_total_replication_buffers", "redis_mem_total_replication_buffers_bytes",
            "Memory for backlog and replica buffers together"),
        .gauge(
            "mem_replica_full_sync_buffer", "redis_mem_replica_full_sync_buffer_bytes",
            "Memory for changes that a full synchronisation holds back"),
        .gauge(
            "mem_replicas_repl_buffer", "redis_mem_replicas_repl_buffer_bytes", "Memory for Valkey's replica buffers"),
        .gauge(
            "mem_cluster_slot_import", "redis_mem_cluster_slot_import_bytes", "Memory for slots that are being imported"
        ),
        .gauge(
            "mem_cluster_slot_export", "redis_mem_cluster_slot_export_bytes", "Memory for slots that are being exported"
        ),
        .gauge(
            "mem_not_counted_for_evict", "redis_mem_not_counted_for_eviction_bytes",
            "Memory that does not count towards maxmemory"),
        .gauge(
            "mem_overhead_db_hashtable_rehashing", "redis_mem_overhead_db_hashtable_rehashing_bytes",
            "Memory for the tables of the databases that are being resized"),
        .gauge(
            "lazyfree_pending_objects", "redis_lazyfree_pending_objects",
            "Objects that wait to be freed in the background"),
        .gauge("lazyfreed_objects", "redis_lazyfreed_objects", "Objects that were freed in the background"),
        .gauge(
            "active_defrag_running", "redis_active_defrag_running",
            "Share of processor time that defragmentation aims at, in percent"),
        .gauge("active_defrag_hits", "redis_defrag_hits", "Values that defragmentation moved"),
        .gauge("active_defrag_misses", "redis_defrag_misses", "Values that defragmentation left where they were"),
        .gauge("active_defrag_key_hits", "redis_defrag_key_hits", "Keys that defragmentation worked on"),
        .gauge("active_defrag_key_misses", "redis_defrag_key_misses", "Keys that defragmentation skipped"),
        .counter(
            "total_active_defrag_time", "redis_active_defrag_seconds_total",
            "Time in which memory was fragmented beyond the limits", .divisor(1000)),
        .gauge(
            "current_active_defrag_time", "redis_current_active_defrag_seconds",
            "Time since memory became fragmented beyond the limits", .divisor(1000)),
    ]

    static let allocator: [InfoField] = [
        .gauge("allocator_active", "redis_allocator_active_bytes", "Memory in the allocator's active pages"),
        .gauge("allocator_allocated", "redis_allocator_allocated_bytes", "Memory that the allocator has handed out"),
        .gauge("allocator_resident", "redis_allocator_resident_bytes", "Resident memory of the allocator"),
        .gauge("allocator_muzzy", "redis_allocator_muzzy_bytes", "Memory that the allocator will give back when asked"),
        .gauge("allocator_frag_ratio", "redis_allocator_frag_ratio", "Active memory in proportion to allocated memory"),
        .gauge("allocator_frag_bytes", "redis_allocator_frag_bytes", "Active memory less allocated memory"),
        .gauge("allocator_rss_ratio", "redis_allocator_rss_ratio", "Resident memory in proportion to active memory"),
        .gauge("allocator_rss_bytes", "redis_allocator_rss_bytes", "Resident memory less active memory"),
        .gauge(
            "rss_overhead_ratio", "redis_rss_overhead_ratio",
            "The server's resident memory in proportion to the allocator's"),
        .gauge("rss_overhead_bytes", "redis_rss_overhead_bytes", "The server's resident memory less the allocator's"),
        .gauge("allocator_active_lua", "redis_allocator_active_lua_bytes", "Memory in active pages of Lua's own arena"),
        .gauge(
            "allocator_allocated_lua", "redis_allocator_allocated_lua_bytes", "Memory handed out from Lua's own arena"),
        .gauge("allocator_resident_lua", "redis_allocator_resident_lua_bytes", "Resident memory of Lua's own arena"),
        .gauge("allocator_frag_bytes_lua", "redis_allocator_frag_lua_bytes", "Fragmentation of Lua's own arena"),
    ]
}
