// What modules add to INFO: search (Redis and Valkey), JSON and bloom filters.

extension InfoFields {
    static let searchModule: [InfoField] = [
        .gauge("search_number_of_indexes", "redis_search_number_of_indexes", "Search indexes"),
        .gauge(
            "search_number_of_attributes", "redis_search_number_of_attributes", "Attributes over all search indexes"),
        .gauge("search_used_memory_bytes", "redis_search_used_memory_bytes", "Memory of Valkey's search module"),
        .gauge("search_used_memory_indexes", "redis_search_used_memory_indexes_bytes", "Memory of all search indexes"),
        .gauge(
            "search_smallest_memory_index", "redis_search_smallest_memory_index_bytes", "Memory of the smallest index"),
        .gauge("search_largest_memory_index", "redis_search_largest_memory_index_bytes", "Memory of the largest index"),
        .gauge(
            "search_used_memory_vector_index", "redis_search_used_memory_vector_index_bytes", "Memory of vector indexes"
        ),
        .gauge(
            "search_number_of_active_indexes", "redis_search_number_of_active_indexes",
            "Indexes with an operation under way"),
        .gauge(
            "search_number_of_active_indexes_running_queries",
            "redis_search_number_of_active_indexes_running_queries", "Indexes that run a query"),
        .gauge(
            "search_number_of_active_indexes_indexing", "redis_search_number_of_active_indexes_indexing",
            "Indexes that are being filled"),
        .gauge(
            "search_total_active_write_threads", "redis_search_total_active_write_threads", "Threads that fill indexes"),
        .gauge(
            "search_total_num_docs_in_indexes", "redis_search_total_num_docs_in_indexes", "Documents over all indexes"),
        .gauge("search_total_indexed_documents", "redis_search_total_indexed_documents", "Documents that are indexed"),
        .gauge("search_dialect_1", "redis_search_dialect_1", "Whether query dialect 1 was used"),
        .gauge("search_dialect_2", "redis_search_dialect_2", "Whether query dialect 2 was used"),
        .gauge("search_dialect_3", "redis_search_dialect_3", "Whether query dialect 3 was used"),
        .gauge("search_dialect_4", "redis_search_dialect_4", "Whether query dialect 4 was used"),
        .gauge("search_global_idle", "redis_search_global_idle", "Cursors that are idle"),
        .gauge("search_global_total", "redis_search_global_total", "Cursors in all"),
        .gauge("search_global_idle_user", "redis_search_global_idle_user", "Cursors of users that are idle"),
        .gauge("search_global_idle_internal", "redis_search_global_idle_internal", "Internal cursors that are idle"),
        .gauge("search_global_total_user", "redis_search_global_total_user", "Cursors of users"),
        .gauge("search_global_total_internal", "redis_search_global_total_internal", "Internal cursors"),
        .gauge(
            "search_bytes_collected", "redis_search_collected_bytes",
            "Memory that the collector freed, under its old name"),
        .gauge("search_gc_bytes_collected", "redis_search_gc_collected_bytes", "Memory that the collector freed"),
        .gauge(
            "search_gc_total_docs_not_collected", "redis_search_gc_total_docs_not_collected",
            "Documents that the collector has not yet freed"),
        .gauge(
            "search_gc_marked_deleted_vectors", "redis_search_gc_marked_deleted_vectors",
            "Vectors that are marked as deleted"),
        .gauge(
            "search_errors_indexing_failures", "redis_search_errors_indexing_failures",
            "Documents that failed to be indexed"),
        .gauge("search_query_queue_size", "redis_search_query_queue_size", "Queries that wait"),
        .gauge("search_writer_queue_size", "redis_search_writer_queue_size", "Writes that wait"),
        .gauge(
            "search_string_interning_store_size", "redis_search_string_interning_store_size", "Strings that are shared"),
        .gauge(
            "search_vector_externing_hash_extern_errors", "redis_search_vector_externing_hash_extern_errors",
            "Vectors that could not be kept outside"),
        .gauge(
            "search_vector_externing_num_lru_entries", "redis_search_vector_externing_num_lru_entries",
            "Vectors in the cache of those kept outside"),
        .counter(
            "search_total_indexing_time", "redis_search_indexing_time_ms_total", "Milliseconds that indexing took"),
        .counter("search_total_cycles", "redis_search_cycles_total", "Cycles of the collector, under its old name"),
        .counter(
            "search_total_ms_run", "redis_search_run_ms_total", "Milliseconds of the collector, under its old name"),
        .counter("search_gc_total_cycles", "redis_search_gc_cycles_total", "Cycles of the collector"),
        .counter("search_gc_total_ms_run", "redis_search_gc_run_ms_total", "Milliseconds that the collector ran"),
        .counter("search_total_queries_processed", "redis_search_queries_processed_total", "Queries that succeeded"),
        .counter("search_total_query_commands", "redis_search_query_commands_total", "Query commands that were run"),
        .counter(
            "search_total_query_execution_time_ms", "redis_search_query_execution_time_ms_total",
            "Milliseconds that queries took"),
        .gauge("search_total_active_queries", "redis_search_active_queries_total", "Queries under way"),
        .counter(
            "search_worker_pool_suspend_cnt", "redis_search_worker_pool_suspend_count",
            "Times that the workers were suspended"),
        .counter("search_writer_resumed_cnt", "redis_search_writer_resumed_count", "Times that the writers went on"),
        .counter("search_reader_resumed_cnt", "redis_search_reader_resumed_count", "Times that the readers went on"),
        .counter(
            "search_writer_suspension_expired_cnt", "redis_search_writer_suspension_expired_count",
            "Suspensions of the writers that timed out"),
        .counter(
            "search_rdb_load_success_cnt", "redis_search_rdb_load_success_count", "Indexes loaded from a snapshot"),
        .counter("search_rdb_load_failure_cnt", "redis_search_rdb_load_failure_count", "Indexes that failed to load"),
        .counter("search_rdb_save_success_cnt", "redis_search_rdb_save_success_count", "Indexes saved to a snapshot"),
        .counter(
            "search_rdb_save_failure_cnt", "redis_search_rdb_save_failure_count", "Indexes that failed to be saved"),
        .counter(
            "search_vector_externing_generated_value_cnt", "redis_search_vector_externing_generated_value_count",
            "Values rebuilt from vectors kept outside"),
        .counter(
            "search_vector_externing_lru_promote_cnt", "redis_search_vector_externing_lru_promote_count",
            "Vectors kept outside that were used again"),
        .counter(
            "search_vector_externing_deferred_entry_cnt", "redis_search_vector_externing_deferred_entry_count",
            "Vectors whose keeping outside was put off"),
        .counter(
            "search_vector_externing_entry_count", "redis_search_vector_externing_entry_count", "Vectors kept outside"),
        .counter(
            "search_successful_requests_count", "redis_search_successful_requests_count", "Requests that succeeded"),
        .counter("search_failure_requests_count", "redis_search_failure_requests_count", "Requests that failed"),
        .counter(
            "search_hybrid_requests_count", "redis_search_hybrid_requests_count", "Requests with vector and filter"),
        .counter(
            "search_inline_filtering_requests_count", "redis_search_inline_filtering_requests_count",
            "Requests that filtered while they searched"),
        .counter(
            "search_hnsw_add_exceptions_count", "redis_search_hnsw_add_exceptions_count",
            "Failed additions to HNSW graphs"),
        .counter(
            "search_hnsw_remove_exceptions_count", "redis_search_hnsw_remove_exceptions_count",
            "Failed removals from HNSW graphs"),
        .counter(
            "search_hnsw_modify_exceptions_count", "redis_search_hnsw_modify_exceptions_count",
            "Failed changes of HNSW graphs"),
        .counter(
            "search_hnsw_search_exceptions_count", "redis_search_hnsw_search_exceptions_count",
            "Failed searches in HNSW graphs"),
        .counter(
            "search_hnsw_create_exceptions_count", "redis_search_hnsw_create_exceptions_count",
            "Failed creations of HNSW graphs"),
    ]

    static let otherModules: [InfoField] = [
        .gauge("bf_bloom_total_memory_bytes", "redis_bf_bloom_total_memory_bytes", "Memory of all bloom filters"),
        .gauge("bf_bloom_num_objects", "redis_bf_bloom_num_objects", "Bloom objects"),
        .gauge(
            "bf_bloom_num_filters_across_objects", "redis_bf_bloom_num_filters_across_objects",
            "Filters over all bloom objects"),
        .gauge(
            "bf_bloom_num_items_across_objects", "redis_bf_bloom_num_items_across_objects",
            "Items over all bloom objects"),
        .gauge(
            "bf_bloom_capacity_across_objects", "redis_bf_bloom_capacity_across_objects",
            "Capacity over all bloom objects"),
        .counter(
            "bf_bloom_defrag_hits", "redis_bf_bloom_defrag_hits_total", "Bloom objects that defragmentation moved"),
        .counter("bf_bloom_defrag_misses", "redis_bf_bloom_defrag_misses_total", "Bloom objects that it left"),
        .gauge("json_total_memory_bytes", "redis_json_total_memory_bytes", "Memory of all JSON documents"),
        .gauge("json_num_documents", "redis_json_num_documents", "JSON documents"),
        .gauge("engines_count", "redis_engines_count", "Script engines of Valkey"),
        .gauge("engines_total_used_memory", "redis_engines_used_memory_bytes", "Memory of all script engines"),
        .gauge(
            "engines_total_memory_overhead", "redis_engines_memory_overhead_bytes", "Overhead of all script engines"),
    ]
}
