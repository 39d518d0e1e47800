// The one list of queue systems. A new one is a file and a line here.

extension QueueSystems {
    /// The systems that can be named.
    public static let names = QueueParts.systems.map(\.name)

    /// Whether the system of this name is looked at.
    func include(_ name: String) -> Bool {
        switch self {
        case .off: false
        case .auto: name != QueueSystem.bullMQ.name
        case .named(let names): names.contains(name)
        }
    }
}

/// The parts that look at queues.
enum QueueParts {
    static let systems: [QueueSystem] = [.sidekiq, .rq, .celery, .bullMQ, .resque]

    /// The parts for all systems, for queues of the operator's own, and for what the traffic shows where there is a
    /// capture.
    static func all(_ settings: KeySettings, _ companion: RedisCompanion) -> [any RedisPart] {
        let known = KnownQueues()
        return systems.map { QueuePart($0, settings, known) } + [
            OwnQueues(settings, known),
            WireQueues(settings, companion.busyQueues, except: known),
            ChannelSubscribers(settings, companion.busyChannels),
        ]
    }
}
