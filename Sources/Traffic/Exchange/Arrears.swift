// What a loss leaves open. Where bytes of the client are missing, the number of commands in them is unknown. But there
// cannot have been more than fit; when the server has answered as many, none is in flight.

/// What the server may still have to answer, since something of a connection was missed.
///
///     loseTrack()                begin()                          answers >= commands + bytes / size
///     unbounded ───────────────► bounded, answers are counted ───────────────────► settled
///         ▲                         │ loseAnswers()                                (nothing is in flight)
///         │                         ▼
///         └──────────────────── bounded, answers are not counted: settled only where nothing was sent since
///
///     While bounded, what the client sends adds to `commands` where it was seen whole, else to `bytes`; what the
///     server sends adds to `answers`. `size` is that of the smallest command there is, or of the client's
///     smallest or largest one: the smaller, the more commands may be in the bytes, and the surer is "settled". Bytes
///     are one command at least, be it smaller than any that was seen.
struct Arrears: Sendable {
    /// The smallest command there is, in bytes: PING as client libraries send it.
    private static let smallestPossible: UInt32 = 14

    /// The sizes of the connection's commands, in bytes.
    private var smallest = UInt32.max
    private var largest: UInt32 = 0
    /// Whether there is an upper bound for what is open.
    private(set) var isBounded = false
    /// Whether answers are read and counted.
    private(set) var countsAnswers = false
    /// Whether all that is open came in one packet whose beginning was captured. The server reads such a packet whole,
    /// and answers all of it together.
    private var isOnePacket = false
    /// Commands that were seen whole, and bytes that were not.
    private var commands = 0
    private var bytes = 0
    private var answers = 0

    /// Takes note of a command's size.
    @inline(__always)
    mutating func learn(_ size: Int) {
        let size = UInt32(clamping: size)
        smallest = Swift.min(smallest, size)
        largest = Swift.max(largest, size)
    }

    /// Nothing is known of what is open.
    mutating func loseTrack() {
        isBounded = false
        countsAnswers = false
    }

    /// Starts to count.
    ///
    /// - Parameters:
    ///   - countsAnswers: whether the replies can still be read.
    ///   - isOnePacket: whether all that is open came in the packet at hand.
    mutating func begin(countsAnswers: Bool, isOnePacket: Bool = false) {
        isBounded = true
        self.countsAnswers = countsAnswers
        self.isOnePacket = isOnePacket
        (commands, bytes, answers) = (0, 0, 0)
    }

    /// The client has sent commands that were seen.
    mutating func addCommands(_ count: Int) {
        if count == 0 { return }
        commands += count
        isOnePacket = false
    }

    /// The client has sent bytes that cannot be read.
    mutating func addBytes(_ count: Int) {
        bytes += count
    }

    /// The client goes on with another packet.
    mutating func beginPacket() {
        isOnePacket = false
    }

    /// The server has answered a command.
    mutating func answer() {
        answers += 1
    }

    /// How many commands there may be in bytes that cannot be read, by the sizes that the client's commands have had.
    enum Measure {
        /// The smallest one that a client library can send: no command that is missing is smaller.
        case possible
        case smallest, largest
    }

    /// Whether everything is answered: as many commands as can have been sent.
    func areSettled(by measure: Measure) -> Bool {
        guard isBounded else { return false }
        let size = Int(size(isOnePacket ? .largest : measure))
        return answers >= commands + (bytes == 0 ? 0 : Swift.max(1, bytes / size))
    }

    private func size(_ measure: Measure) -> UInt32 {
        if largest == 0 { return Self.smallestPossible }
        return switch measure {
        case .possible: Self.smallestPossible
        case .smallest: Swift.max(1, smallest)
        case .largest: largest
        }
    }
}
