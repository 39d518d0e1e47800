// Figures per API key. Names are the operator's; what is not on the list is one row, and so is what could not be read.

/// Requests, refusals and latencies by key.
struct APIKeyRows: Sendable {
    struct Row: Sendable {
        var requests: UInt64 = 0
        /// Answers 401, 403 and 429.
        var unauthorized: UInt64 = 0
        var forbidden: UInt64 = 0
        var limited: UInt64 = 0
    }

    /// The most names, those that were taken off the list included.
    static let mostNames = 10_000

    private(set) var names = ["none", "unknown", "unreadable"]
    /// Whether each name is shown: those on the list, and the two that need none.
    private(set) var isShown = [false, true, true]
    private(set) var rows = [Row](repeating: Row(), count: APIKeyID.reserved)
    private(set) var histograms: HistogramRows

    init(_ places: RowPlaces) {
        histograms = HistogramRows(places, rows: APIKeyID.reserved)
    }

    /// Takes over a list. Names that were there before keep their counts.
    ///
    /// - Returns: the digests with their places.
    mutating func learn(_ keys: [TrafficAPIKey]) -> [(digest: SHA256, key: APIKeyID)] {
        for place in isShown.indices.dropFirst(APIKeyID.reserved) { isShown[place] = false }
        var places: [String: Int] = [:]
        for (place, name) in names.enumerated().dropFirst(APIKeyID.reserved) { places[name] = place }
        return keys.compactMap { key in
            guard let place = places[key.name] ?? add(key.name) else { return nil }
            places[key.name] = place
            isShown[place] = true
            return (key.sha256, APIKeyID(number: UInt16(place)))
        }
    }

    private mutating func add(_ name: String) -> Int? {
        guard names.count < Self.mostNames else { return nil }
        names.append(name)
        isShown.append(false)
        rows.append(Row())
        histograms.addRow()
        return names.count - 1
    }

    mutating func count(_ key: APIKeyID, _ status: HTTPStatus) {
        let place = Int(key.number)
        rows[place].requests += 1
        switch status.code {
        case 401: rows[place].unauthorized += 1
        case 403: rows[place].forbidden += 1
        case 429: rows[place].limited += 1
        default: break
        }
    }

    mutating func record(_ key: APIKeyID, place: Int, _ observation: UInt64) {
        histograms.record(Int(key.number), place: place, observation)
    }
}
