// When the texts of pg_stat_statements are read. The server reads and decodes all of them to give one, so it happens
// for new statements only, and the less often the more text there is.
import Metrics

/// From where and when the kinds of new statements are learned.
struct StatementTexts: Sendable {
    /// Where texts come from.
    enum Origin: Sendable, Equatable {
        /// The extension's own, all at once.
        case all
        /// What sessions run at this moment, from Postgres 14: the way out where the extension's cannot be had.
        case sessions
    }

    /// Why the extension's texts are not read; nil while they are.
    private(set) var failure: CollectorFailure?
    private var nextReading: ContinuousClock.Instant?
    private var retry: ContinuousClock.Instant?

    /// So much is read whenever there is a new statement.
    static let freeBytes = 1 << 20
    /// Bytes of text that are read in a second on average, where there is more than that.
    static let bytesPerSecond = 65_536
    /// More than that is not read again: it would not fit into ``workMemory``, and the server would write a temporary
    /// file.
    static let mostBytes = 48 << 20
    /// `work_mem` for a statement that has all texts, or the counts of many statements, pass by.
    static let workMemory = 64 << 20
    /// How long texts that the server could not give are left alone.
    static let rest = Duration.seconds(3600)

    /// Where to learn from now; nil when it is too early to read again.
    func origin(at now: ContinuousClock.Instant) -> Origin? {
        if let retry, now < retry { return .sessions }
        if let nextReading, now < nextReading { return nil }
        return .all
    }

    /// Notes that all texts were read, and how many bytes that was.
    mutating func read(_ bytes: Int, at now: ContinuousClock.Instant) {
        failure = nil
        nextReading = bytes > Self.freeBytes ? now + .seconds(Double(bytes) / Double(Self.bytesPerSecond)) : nil
        guard bytes > Self.mostBytes else { return }
        // As good as never.
        retry = now + Self.rest * 24
        failure = CollectorFailure(
            .overflow,
            "pg_stat_statements holds \(bytes >> 20) MiB of statement texts, too much to read; new statements are "
                + "told by what sessions run, or count as other")
    }

    /// Notes that the texts could not be read.
    mutating func failed(_ cause: CollectorFailure, at now: ContinuousClock.Instant) {
        retry = now + Self.rest
        failure = CollectorFailure(
            cause.reason,
            "statement texts cannot be read (\(cause.message)); new statements are told by what sessions run, or count "
                + "as other")
    }
}
