// The one list of queue systems. A new one is a file and a line here.

extension QueueSystems {
    /// The systems that can be named.
    public static let names = QueueParts.systems.map { $0.name }

    /// Whether the system of this name is looked at.
    func include(_ name: String) -> Bool {
        switch self {
        case .off: false
        case .auto: name != BullMQ.name
        case .named(let names): names.contains(name)
        }
    }
}

/// How the part of a queue system is made.
struct QueueParts: Sendable {
    let name: String
    private let make: @Sendable (_ settings: KeySettings, _ known: KnownQueues) -> any RedisPart

    private init<System: QueueSystem>(_ system: System.Type) {
        name = System.name
        make = { settings, known in QueuePart<System>(settings, known) }
    }

    static let systems = [
        QueueParts(Sidekiq.self), QueueParts(RQ.self), QueueParts(Celery.self), QueueParts(BullMQ.self),
        QueueParts(Resque.self),
    ]

    /// The parts for all systems, for queues of the operator's own, and for what the traffic shows where there is a
    /// capture.
    static func all(_ settings: KeySettings, _ companion: RedisCompanion) -> [any RedisPart] {
        let known = KnownQueues()
        return systems.map { $0.make(settings, known) } + [
            OwnQueues(settings, known),
            WireQueues(settings, companion.busyQueues, except: known),
            ChannelSubscribers(settings, companion.busyChannels),
        ]
    }
}
