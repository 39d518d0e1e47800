// The families about queues and channels that come from the wire.

public import Metrics

extension RedisTrafficFamilies {
    public static let queueOperations = Descriptor(
        .counter, "redis_queue_operations_total", labels: ["queue", "operation"],
        help:
            "Commands that put something into a queue (in), took something out (out) or acknowledged it (ack), as seen on the network; a command that moves several jobs is one."
    )
    public static let waitingConsumers = Descriptor(
        .gauge, "redis_queue_waiting_consumers", labels: ["queue"],
        help: "Blocking commands such as BRPOP and XREADGROUP BLOCK that wait at a queue, as seen on the network.")
    public static let publishedMessages = Descriptor(
        .counter, "redis_pubsub_messages_total", labels: ["channel_group"],
        help: "Messages by PUBLISH and SPUBLISH, as seen on the network.")
    public static let receivers = Descriptor(
        .counter, "redis_pubsub_receivers_total", labels: ["channel_group"],
        help: "Clients that messages were sent to, by the replies to PUBLISH and SPUBLISH, as seen on the network.")

    static let ofQueues = [queueOperations, waitingConsumers, publishedMessages, receivers]
}

extension RedisSnapshot {
    func addQueues(to samples: inout Samples) {
        var found = Samples(bounded: false)
        for (queue, figures) in queues.figures {
            found.add(RedisTrafficFamilies.queueOperations, Double(figures.entered), queue, "in")
            found.add(RedisTrafficFamilies.queueOperations, Double(figures.left), queue, "out")
            if figures.acknowledged > 0 {
                found.add(RedisTrafficFamilies.queueOperations, Double(figures.acknowledged), queue, "ack")
            }
        }
        for queue in Set(queues.figures.keys).union(queues.waiting.keys) {
            found.add(RedisTrafficFamilies.waitingConsumers, Double(queues.waiting[queue] ?? 0), queue)
        }
        for (group, figures) in channels {
            found.add(RedisTrafficFamilies.publishedMessages, Double(figures.messages), group)
            found.add(RedisTrafficFamilies.receivers, Double(figures.receivers), group)
        }
        samples.add(found.inOrder)
    }
}
