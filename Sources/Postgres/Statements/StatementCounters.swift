// What pg_stat_statements has counted, followed statement by statement. The extension forgets statements to make room,
// so its sums are no counters. And a statement's text, which alone tells its kind, is dear to read, so each is read
// once.
/// One statement of the server: the extension counts it for each role by itself.
struct StatementKey: Hashable, Sendable {
    let queryID: Int64
    /// Executed by the role that Sidelong itself logs in as.
    let isOwnRole: Bool
}

/// Counts and times of all statements by kind, which only ever grow.
///
/// Holds 60 bytes or so for each statement that the extension has, 5,000 by default and ``mostStatements`` at the most.
struct StatementCounters: Sendable {
    /// What is known of a statement's text.
    enum Subject: Sendable, Equatable {
        case unknown
        /// A statement of Sidelong's own, which counts nowhere.
        case own
        case kind(StatementKind)
    }

    private struct Entry {
        var subject = Subject.unknown
        /// What has gone into the totals already.
        var calls = 0.0
        var seconds = 0.0
    }

    /// Statements that are followed; the extension's own bound is far lower.
    static let mostStatements = 50_000

    private var entries: [StatementKey: Entry] = [:]
    /// Counts of statements that wait for their text.
    private var pending: [StatementKey: (calls: Double, seconds: Double)] = [:]
    private var startTime: Double?
    /// Whether there has been a first look.
    private(set) var hasBegun = false
    private(set) var calls: [StatementKind: Double] = [:]
    private(set) var seconds: [StatementKind: Double] = [:]

    /// How many statements the extension had at the last look.
    var count: Int { entries.count }

    /// Whether there are statements whose text has not been read.
    var hasUnknown: Bool { entries.values.contains { $0.subject == .unknown } }

    /// Takes what the extension counts now: `queryid`, `own`, `calls`, `time` in milliseconds.
    ///
    /// A statement that is not known yet waits, uncounted, until its text has been read. After a restart of the server
    /// the counts are a new beginning, not growth.
    mutating func take(_ rows: Rows, serverStarted: Double?) {
        var present: [StatementKey: Entry] = [:]
        present.reserveCapacity(rows.count)
        let isNewBeginning = hasBegun && startTime != serverStarted
        for row in rows {
            guard let key = StatementKey(row) else { continue }
            var entry = entries[key] ?? Entry()
            let now = (calls: row.number("calls") ?? 0, seconds: (row.number("time") ?? 0) / 1000)
            if isNewBeginning { (entry.calls, entry.seconds) = now }
            // The extension forgot the statement and has met it again, or was reset.
            if now.calls < entry.calls { (entry.calls, entry.seconds) = (0, 0) }
            if entry.subject != .unknown { count(now, in: &entry) }
            present[key] = entry
            pending[key] = entry.subject == .unknown ? now : nil
        }
        pending = pending.filter { present[$0.key] != nil }
        entries = present
        startTime = serverStarted
        hasBegun = true
    }

    /// Notes what a statement is; one that is known, or that the extension has no more, stays as it is.
    mutating func learn(_ key: StatementKey, is subject: Subject) {
        guard var entry = entries[key], entry.subject == .unknown else { return }
        entry.subject = subject
        if let waiting = pending.removeValue(forKey: key) { count(waiting, in: &entry) }
        entries[key] = entry
    }

    /// Counts under `other` what waits for a text that will not come.
    mutating func giveUpWaiting() {
        for (key, waiting) in pending {
            guard var entry = entries[key] else { continue }
            let subject = entry.subject
            entry.subject = .kind(.other)
            count(waiting, in: &entry)
            entry.subject = subject
            entries[key] = entry
        }
        pending = [:]
    }

    private mutating func count(_ now: (calls: Double, seconds: Double), in entry: inout Entry) {
        if case .kind(let kind) = entry.subject {
            calls[kind, default: 0] += max(0, now.calls - entry.calls)
            seconds[kind, default: 0] += max(0, now.seconds - entry.seconds)
        }
        (entry.calls, entry.seconds) = now
    }
}

extension StatementKey {
    /// Nil where the row has no `queryid`.
    init?(_ row: Rows.Row) {
        guard let text = row["queryid"], let queryID = Int64(text) else { return nil }
        self.init(queryID: queryID, isOwnRole: row.flag("own") ?? false)
    }
}
