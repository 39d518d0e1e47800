// Which entry a group reads next stays the same for as long as the group stands still, unless entries are deleted. So
// it is asked for once: XRANGE is a tenth of what streams cost.

/// The first entries that groups have not read, as they were found in the last look.
struct UnreadEntries: Sendable {
    private struct Entry: Sendable {
        let id: StreamEntryID
        /// Entries of the stream that had gone.
        let gone: Double
    }

    private var former: [KeyPattern: [StreamEntryID: Entry]] = [:]
    private var entries: [KeyPattern: [StreamEntryID: Entry]] = [:]
    /// Entries that were added to a stream and are there no more; where the server tells, which is since Redis 7.
    private var gone: [KeyPattern: Double] = [:]
    private var runID = ""

    /// Begins a look. What is not asked for in one is forgotten with the next, and all of it with another server.
    mutating func begin(on server: ServerIdentity) {
        (former, entries, gone) = (server.runID == runID ? entries : [:], [:], [:])
        runID = server.runID
    }

    mutating func note(_ info: StreamInfo, of key: KeyPattern) {
        if let added = info.added, let length = info.length { gone[key] = added - length }
    }

    /// Takes the entry that follows the one that was delivered last.
    mutating func note(_ id: StreamEntryID, of key: KeyPattern, after delivered: StreamEntryID) {
        guard let gone = gone[key] else { return }
        entries[key, default: [:]][delivered] = Entry(id: id, gone: gone)
    }

    /// The same entry as in the last look; nil where it has to be asked for.
    mutating func entry(of key: KeyPattern, after delivered: StreamEntryID) -> StreamEntryID? {
        guard let entry = former[key]?[delivered], entry.gone == gone[key] else { return nil }
        entries[key, default: [:]][delivered] = entry
        return entry.id
    }
}
