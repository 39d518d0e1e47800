// What every source of samples is to the rest of the program: something with a name that can be asked, and that
// answers with samples or says why not.

/// Polls one target, or one concern of the machine.
///
/// A collector knows nothing of timers, other collectors, HTTP or the log. It is asked again only after its last
/// answer, so it may keep a connection and counters without locking. It must give up at the deadline on its own.
public protocol Collector: Sendable {
    /// The name in `collector="…"`, the same for every target of its kind.
    var name: String { get }

    /// Names of parts that may fail alone, such as `redis_slowlog` of `redis`; each is reported as a collector.
    var parts: [String] { get }

    /// Asks the source once.
    ///
    /// - Throws: when the source as a whole gave nothing; a part that failed alone is in the answer's `partFailures`.
    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected
}

/// What one poll brought.
public struct Collected: Sendable {
    public var samples: Samples
    /// Samples of several targets that one collector knows.
    public var targeted: [Targeted]
    /// Parts that failed while the rest went well. Their families are absent.
    public var partFailures: [PartFailure]
    /// Parts that were not asked this time, because they have a slower timer; their last word stands.
    public var skipped: [String]
    /// What people should know although nothing has failed.
    public var remarks: [Remark]
    /// What mends all denials among the part failures, as a line to paste; nil where nothing was denied.
    public var remedy: String?

    public init(
        samples: Samples = Samples(), targeted: [Targeted] = [], partFailures: [PartFailure] = [],
        skipped: [String] = [],
        remarks: [Remark] = [], remedy: String? = nil
    ) {
        self.samples = samples
        self.targeted = targeted
        self.partFailures = partFailures
        self.skipped = skipped
        self.remarks = remarks
        self.remedy = remedy
    }

    /// Something about a source that works. It stands on the health page for as long as it is made, and in the log when
    /// it begins and ends.
    public struct Remark: Sendable, Equatable {
        /// What it is about, fixed words, and of which target where there are several; there is one remark of a topic
        /// at a time.
        public let topic: String
        /// One line for people: what is so and, where it is known, what to do. Never a secret.
        public let message: String
        /// Whether something is missing: health is degraded then.
        public let isTrouble: Bool

        public init(_ topic: String, _ message: String, isTrouble: Bool) {
            self.topic = topic
            self.message = message
            self.isTrouble = isTrouble
        }
    }

    /// What belongs to one of several targets.
    public struct Targeted: Sendable {
        /// The value of the `target` label.
        public let target: String
        public let samples: Samples

        public init(target: String, samples: Samples) {
            self.target = target
            self.samples = samples
        }
    }

    public struct PartFailure: Sendable, Equatable {
        /// One of the collector's `parts`.
        public let part: String
        public let failure: CollectorFailure

        public init(part: String, failure: CollectorFailure) {
            self.part = part
            self.failure = failure
        }
    }
}

/// Why a poll, or a part of one, gave no samples.
public struct CollectorFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fixed list of `reason="…"`; the text of an error never becomes a label.
    public enum Reason: String, Sendable, CaseIterable {
        /// The name of the target could not be resolved.
        case resolve
        /// No connection: refused, unreachable.
        case connect
        /// The TLS handshake failed.
        case tls
        /// The credentials were refused.
        case auth
        /// The user may not do this; the message names what to grant.
        case denied
        /// The server does not know this command.
        case unsupported
        /// The deadline passed.
        case timeout
        /// The peer closed the connection.
        case closed
        /// The answer makes no sense.
        case malformed
        /// The server is starting or loading its data.
        case loading
        /// The server answered with an error of another kind.
        case refused
        /// A local file could not be read.
        case unreadable
        /// More came than could be taken.
        case overflow
    }

    public let reason: Reason
    /// One line for people: what happened and, where it is known, what to do. Never a secret.
    public let message: String

    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The same failure, with `***` in its message for a secret that another has repeated there.
    public func hiding(_ secret: String?) -> CollectorFailure { CollectorFailure(reason, message.hiding(secret)) }

    public var description: String { "\(reason.rawValue): \(message)" }
}
