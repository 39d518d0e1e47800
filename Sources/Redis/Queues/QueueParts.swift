// The one list of queue systems. A new one is a file and a line here.

extension QueueSystems {
    /// The systems that can be named.
    public static let names = QueueParts.all.map { $0.name }
}

/// How the part of a queue system is made.
struct QueueParts: Sendable {
    let name: String
    private let make: @Sendable (_ settings: KeySettings, _ isNamed: Bool, _ known: KnownQueues) -> any RedisPart

    private init<System: QueueSystem>(_ system: System.Type) {
        name = System.name
        make = { settings, isNamed, known in QueuePart<System>(settings, isNamed: isNamed, known) }
    }

    static let all = [
        QueueParts(Sidekiq.self), QueueParts(RQ.self), QueueParts(Celery.self), QueueParts(BullMQ.self),
        QueueParts(Resque.self),
    ]

    /// The parts for the systems that an operator wants, for queues of the operator's own, and for what the traffic
    /// shows where there is a capture.
    static func wanted(_ settings: KeySettings, _ companion: RedisCompanion) -> [any RedisPart] {
        let known = KnownQueues()
        var parts: [any RedisPart] = []
        for system in all {
            switch settings.queues {
            case .off: break
            case .auto: if system.name != BullMQ.name { parts.append(system.make(settings, false, known)) }
            case .named(let names): if names.contains(system.name) { parts.append(system.make(settings, true, known)) }
            }
        }
        if !settings.ownQueues.isEmpty { parts.append(OwnQueues(settings, known)) }
        guard settings.queues == .auto else { return parts }
        if let busiest = companion.busyQueues { parts.append(WireQueues(settings, busiest, except: known)) }
        if let busiest = companion.busyChannels { parts.append(ChannelSubscribers(settings, busiest)) }
        return parts
    }
}
