// What is looked at in the data itself.

import Metrics

/// The keys that an operator wants to see, and how often.
public struct KeySettings: Sendable {
    /// Keys whose size and number value are shown, found by SCAN or named one by one.
    public var checked: [KeyPattern] = []
    public var checkedSingly: [KeyPattern] = []
    /// Patterns whose keys are counted.
    public var counted: [KeyPattern] = []
    /// Streams, found by SCAN or named one by one.
    public var streams: [KeyPattern] = []
    public var streamsSingly: [KeyPattern] = []
    /// The queue systems that are looked at, and queues of the operator's own.
    public var queues = QueueSystems.off
    public var ownQueues: [OwnQueue] = []
    /// What a queue that was found may be called on the page.
    public var queueLabel: @Sendable (String) -> String = { $0 }
    /// Whether keys are sampled for their memory.
    public var samplesSizes = false
    /// Whether nobody wants a family of this name. What only such families need is not asked.
    public var excludes: @Sendable (_ family: String) -> Bool = { _ in false }
    /// How often they are looked at.
    public var interval = Duration.seconds(30)

    public init() {}

    /// Whether somebody wants one of these families.
    func wants(_ families: Descriptor...) -> Bool { !families.allSatisfy { excludes($0.name) } }
}

/// Which queue systems are looked at.
public enum QueueSystems: Sendable, Equatable {
    /// Those whose keys are there. BullMQ is not among them: no key of a fixed name tells of it.
    case auto
    case off
    case named([String])
}
