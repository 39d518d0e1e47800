// Histograms per command. Redis has hundreds of commands and an application uses a dozen, so rows come as they are
// needed.

/// Histograms by command.
struct CommandRows: Sendable {
    private(set) var histograms: HistogramRows
    /// The row of each command, by its place in the table.
    private var rows: [Int16] = []
    /// The commands that have rows, in the order of the rows.
    private(set) var commands: [CommandID] = []

    init(_ places: RowPlaces) {
        histograms = HistogramRows(places)
    }

    @inline(__always)
    mutating func record(_ command: CommandID, place: Int, _ observation: UInt64) {
        histograms.record(row(of: command), place: place, observation)
    }

    @inline(__always)
    private mutating func row(of command: CommandID) -> Int {
        if Int(command) < rows.count && rows[Int(command)] >= 0 { return Int(rows[Int(command)]) }
        return addRow(command)
    }

    private mutating func addRow(_ command: CommandID) -> Int {
        while rows.count <= Int(command) { rows.append(-1) }
        rows[Int(command)] = Int16(histograms.addRow())
        commands.append(command)
        return Int(rows[Int(command)])
    }
}
