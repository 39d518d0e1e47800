// How the capture is doing, for the page and the health of the program.

/// The state of a live capture at one moment.
public struct CaptureStatus: Sendable, Equatable {
    /// One interface that was opened.
    public struct Interface: Sendable, Equatable {
        public let name: String
        /// Packets that the kernel dropped because the ring was full.
        public var dropped: UInt64 = 0
        /// Bytes of its ring.
        public var ringBytes = 0
        /// How often it had gone and has come back.
        public var returns: UInt64 = 0
        /// Why it brings nothing; nil while it works.
        public var problem: String?
    }

    public var interfaces: [Interface] = []
    /// Interfaces that were asked for and could not be opened, with the reason.
    public var refused: [CaptureError] = []
    /// Interfaces that came up after the start; opening them would take the capability that has been dropped.
    public var late: [String] = []
    /// Processor time of the capture's thread, in seconds.
    public var processorSeconds = 0.0

    /// What is wrong, in one line; nil when everything that was asked for is captured.
    public var problem: String? {
        var problems = interfaces.compactMap { interface in interface.problem.map { "\(interface.name) \($0)" } }
        problems += refused.map { "\($0)" }
        if !late.isEmpty {
            problems.append("\(late.joined(separator: ", ")) came up after the start and needs a restart of Sidelong")
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }
}
