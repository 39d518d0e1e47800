// Which entries of a slow log were seen already. Behind one address may be several servers, one after the other, each
// with a log of its own. And there are servers whose numbers do not grow, because each of their threads has its own.

/// The server whose slow log it is, and when it was read.
struct SlowlogWriter: Sendable {
    /// `run_id`, empty where the server does not tell it.
    let runID: String
    /// For how long the server has been running, in whole seconds; nil where it does not tell.
    let uptime: Duration?
    /// The server's time of day in seconds since 1970.
    let time: Int64
    let now: ContinuousClock.Instant

    init(runID: String, uptime: Duration?, time: Int64, now: ContinuousClock.Instant = .now) {
        self.runID = runID
        self.uptime = uptime
        self.time = time
        self.now = now
    }

    /// - Parameter time: our own time of day, for servers that do not tell theirs.
    init(_ server: ServerIdentity, _ info: InfoReply, at time: Int64) {
        let own = info.instance["server_time_usec"].flatMap { Int64($0) }.map { $0 / 1_000_000 }
        self.init(
            runID: server.runID, uptime: info.instance["uptime_in_seconds"].flatMap { Int64($0) }.map { .seconds($0) },
            time: own ?? time)
    }

    /// Whether the server was started after an earlier look. Its figures are whole seconds, one of which may have just
    /// begun.
    func hasStarted(since look: SlowlogWriter) -> Bool {
        uptime.map { $0 - .seconds(1) <= look.now.duration(to: now) } ?? false
    }
}

/// Remembers the slow log of one server, so that each of its entries counts once.
struct SlowlogMemory: Sendable {
    /// What tells two entries of one server apart.
    private struct Key: Hashable {
        let id: Int64
        let time: Int64
    }

    let runID: String
    /// The number of the newest entry that was seen; nil while there was none.
    private(set) var newest: Int64?
    /// The latest time that was seen, on the server's clock.
    private var latest: Int64 = .min
    /// Those that the newest look has found.
    private var seen: Set<Key> = []
    /// The most entries that the log was seen to hold.
    private(set) var longest: Int64 = 0

    init(runID: String) {
        self.runID = runID
    }

    /// Whether the entries, newest first, have numbers that grow, on from the newest one that was seen.
    func isOrdered(_ entries: [SlowCommand]) -> Bool {
        guard let first = entries.first else { return true }
        return first.id >= newest ?? first.id && zip(entries, entries.dropFirst()).allSatisfy { $0.id > $1.id }
    }

    /// The entries that were not seen before, newest first.
    ///
    /// A server that does not tell its run may be another one each time; what is older than what was seen does not
    /// count then.
    func unseen(of entries: [SlowCommand]) -> [SlowCommand] {
        guard let newest else { return entries }
        let isOrdered = isOrdered(entries)
        return entries.filter { entry in
            guard !seen.contains(Key(id: entry.id, time: entry.time)) else { return false }
            return (!isOrdered || entry.id > newest) && (isOrdered && !runID.isEmpty || entry.time >= latest)
        }
    }

    /// Takes note of a look at the log.
    mutating func see(_ entries: [SlowCommand], length: Int64) {
        longest = max(longest, length)
        guard let first = entries.first else { return }
        newest = first.id
        latest = entries.reduce(latest) { max($0, $1.time) }
        seen = Set(entries.map { Key(id: $0.id, time: $0.time) })
    }
}
