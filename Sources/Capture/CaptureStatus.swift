// How the capture is doing, for the page and the health of the program.

/// The state of a live capture at one moment.
public struct CaptureStatus: Sendable, Equatable {
    /// One ring, and what has become of what it is filled from.
    public struct Ring: Sendable, Equatable {
        /// The interface, or ``all``.
        public let name: String
        /// Packets that the kernel dropped because the ring was full.
        public var dropped: UInt64 = 0
        /// Bytes.
        public var bytes = 0
        /// How many bytes of a packet are kept at the most now.
        public var kept = 0
        /// Why it brings nothing although it should; nil while it works.
        public var problem: String?
    }

    /// One interface that is captured, or was.
    public struct Interface: Sendable, Equatable {
        public let name: String
        public var isCaptured = true
        /// How often it had gone or was down and is captured again.
        public var returns: UInt64 = 0
    }

    /// The name of the ring that all interfaces share.
    public static let all = "all"
    /// The name of the interfaces that are not told apart.
    public static let others = "others"

    public var rings: [Ring] = []
    public var interfaces: [Interface] = []
    /// What was asked for and could not be opened, with the reason.
    public var refused: [CaptureError] = []
    /// Processor time of the capture's thread, in seconds.
    public var processorSeconds = 0.0

    /// What is wrong, in one line; nil when everything that was asked for is captured.
    public var problem: String? {
        let missing = rings.compactMap { ring in ring.problem.map { "interface \(ring.name) \($0)" } }
        let problems = missing + refused.map { "\($0)" }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }
}
