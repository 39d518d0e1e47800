// Figures per database and user, as clients name them when they log in.

/// A place among the databases and users.
typealias SessionRow = UInt16

/// Histograms by database and user. Only those that have logged in get a row, and only so many.
struct SessionRows: Sendable {
    struct Name: Equatable, Sendable {
        let database: [UInt8]
        let user: [UInt8]

        init(database: [UInt8], user: [UInt8]) {
            self.database = database
            self.user = user
        }

        init(both text: String) {
            self.init(database: Array(text.utf8), user: Array(text.utf8))
        }
    }

    /// Rows that are told apart.
    static let mostRows = 50
    /// The row of sessions that began before the capture.
    static let unknown: SessionRow = 0
    /// The row of all for whom there was no more room.
    static let other: SessionRow = 1

    private(set) var names = [Name(both: "unknown"), Name(both: "other")]
    private(set) var histograms: HistogramRows

    init(_ places: RowPlaces) {
        histograms = HistogramRows(places, rows: 2)
    }

    /// The row of a session, new or not.
    mutating func find(_ name: Name) -> SessionRow {
        if let known = names.firstIndex(of: name) { return SessionRow(known) }
        guard names.count < Self.mostRows + 2 else { return Self.other }
        names.append(name)
        histograms.addRow()
        return SessionRow(names.count - 1)
    }

    @inline(__always)
    mutating func record(_ row: SessionRow, place: Int, _ observation: UInt64) {
        histograms.record(Int(row), place: place, observation)
    }
}
