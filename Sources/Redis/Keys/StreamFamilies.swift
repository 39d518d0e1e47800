// What is shown of streams: redis_exporter's families, with the ages that it lacks.

import Metrics

/// Descriptors of the families about streams.
enum StreamFamilies {
    private static let stream = ["db", "stream"]
    private static let group = ["db", "stream", "group"]
    private static let consumer = ["db", "stream", "group", "consumer"]

    private static func gauge(_ name: String, _ labels: [String], _ help: String) -> Descriptor {
        Descriptor(.gauge, "redis_stream_" + name, labels: labels, help: help)
    }

    static let length = gauge("length", stream, "Entries of a stream (XINFO STREAM length).")
    static let radixTreeKeys = gauge(
        "radix_tree_keys", stream, "Keys of a stream's radix tree (XINFO STREAM radix-tree-keys).")
    static let radixTreeNodes = gauge(
        "radix_tree_nodes", stream, "Nodes of a stream's radix tree (XINFO STREAM radix-tree-nodes).")
    static let lastGeneratedID = gauge(
        "last_generated_id", stream,
        "Milliseconds of the newest identifier of a stream (XINFO STREAM last-generated-id).")
    static let maxDeletedID = gauge(
        "max_deleted_entry_id", stream,
        "Milliseconds of the greatest identifier that was deleted (XINFO STREAM max-deleted-entry-id).")
    static let firstID = gauge(
        "first_entry_id", stream, "Milliseconds of the first entry's identifier (XINFO STREAM first-entry).")
    static let lastID = gauge(
        "last_entry_id", stream, "Milliseconds of the last entry's identifier (XINFO STREAM last-entry).")
    static let added = Descriptor(
        .counter, "redis_stream_entries_added_total", labels: stream,
        help: "Entries that were ever added to a stream (XINFO STREAM entries-added).")
    static let groups = gauge("groups", stream, "Consumer groups of a stream (XINFO STREAM groups).")
    static let oldestAge = gauge(
        "oldest_entry_age_seconds", stream, "Age of a stream's first entry, where its identifier tells (XINFO STREAM).")

    static let consumers = gauge("group_consumers", group, "Consumers of a group (XINFO GROUPS consumers).")
    static let pending = gauge(
        "group_messages_pending", group, "Entries of a group that were not acknowledged yet (XINFO GROUPS pending).")
    static let lastDeliveredID = gauge(
        "group_last_delivered_id", group,
        "Milliseconds of the identifier that was delivered last (XINFO GROUPS last-delivered-id).")
    static let entriesRead = gauge(
        "group_entries_read", group, "Entries that a group has read (XINFO GROUPS entries-read).")
    static let lag = gauge(
        "group_lag", group,
        "Entries that a group has still to read; absent where the server does not know it (XINFO GROUPS lag).")
    static let lagKnown = gauge(
        "group_lag_known", group,
        "Whether the server knows the lag of a group: not after XDEL, nor with a position that was set by hand.")
    static let undeliveredAge = gauge(
        "group_undelivered_age_seconds", group,
        "Age of the oldest entry that a group has not read, 0 when it has read all; it needs no lag (XRANGE).")
    static let oldestPendingAge = gauge(
        "group_oldest_pending_age_seconds", group,
        "Age of a group's oldest entry that was not acknowledged, 0 when there is none (XPENDING).")
    static let oldestPendingDeliveries = gauge(
        "group_oldest_pending_deliveries", group, "How often that entry was delivered (XPENDING).")

    static let consumerPending = gauge(
        "group_consumer_messages_pending", consumer,
        "Entries that a consumer has not acknowledged yet (XINFO CONSUMERS pending).")
    static let consumerIdle = gauge(
        "group_consumer_idle_seconds", consumer,
        "Time since a consumer was last seen, 100 consumers of a group at the most (XINFO CONSUMERS idle).")

    static let leftOut = Descriptor(
        .gauge, "sidelong_redis_streams_left_out",
        help: "Streams that match --keys.check-streams and are not shown, because there are more than 1,000.")
    static let groupsLeftOut = Descriptor(
        .gauge, "sidelong_redis_stream_groups_left_out",
        help: "Groups that are not shown, because their stream has more than 500 or all streams more than 5,000.")
    static let consumersLeftOut = Descriptor(
        .gauge, "sidelong_redis_stream_consumers_left_out",
        help: "Consumers that are not shown, because their group has more than 100 or all groups more than 1,000.")

    static let all = [
        length, radixTreeKeys, radixTreeNodes, lastGeneratedID, maxDeletedID, firstID, lastID, added, groups, oldestAge,
        consumers, pending, lastDeliveredID, entriesRead, lag, lagKnown, undeliveredAge, oldestPendingAge,
        oldestPendingDeliveries, consumerPending, consumerIdle, leftOut, groupsLeftOut, consumersLeftOut,
    ]
}
