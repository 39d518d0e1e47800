// What the engine holds for those whose traffic it reads, for the budget of the whole process.

/// Memory of the engine that its traffic can make grow.
public struct TrafficMemory: Sendable, Equatable {
    /// One use of it.
    public struct Use: Sendable, Equatable {
        /// Bytes.
        public let held: Int
        /// How often something was given up because there was no room.
        public let shed: UInt64

        public init(held: Int = 0, shed: UInt64 = 0) {
            self.held = held
            self.shed = shed
        }
    }

    /// Connections.
    public let flows: Use
    /// Requests that wait for their answer.
    public let exchanges: Use
    /// What came too early, and messages that are not whole.
    public let fragments: Use

    public init(flows: Use = Use(), exchanges: Use = Use(), fragments: Use = Use()) {
        self.flows = flows
        self.exchanges = exchanges
        self.fragments = fragments
    }
}

extension TrafficLimits {
    /// The limits of an engine that may hold so many bytes, or the usual ones where those are less.
    public init(flows: Int, exchanges: Int, fragments: Int) {
        self.init()
        flowBytes = min(flowBytes, flows)
        queueBytes = min(queueBytes, exchanges)
        idleQueueBytes = min(idleQueueBytes, exchanges / 8)
        earlyBytesInAll = min(earlyBytesInAll, fragments / 4)
        earlySegmentsInAll = min(earlySegmentsInAll, fragments / 4 / Self.earlySegmentCost)
        unfinishedInAll = min(unfinishedInAll, fragments / 4)
    }
}
