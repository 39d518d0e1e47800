// Between two polls most series of a page keep their values. So a family is kept as it was written, together with the
// place of each series, and what changes is written into its place.

/// One family in one format.
struct WrittenFamily: Sendable {
    private(set) var bytes: [UInt8]
    /// Where each series begins, and where the last one ends; empty where they do not stand one behind the other.
    private var marks: [Int32]
    /// Whether the bytes stand behind their length.
    private let isDelimited: Bool

    /// A family that is written anew whenever it changes.
    init(_ buffer: PageBuffer) {
        self.init(buffer, marks: [], isDelimited: false)
    }

    /// - Parameter marks: where each series begins, and where the last one ends.
    init(_ buffer: PageBuffer, marks: [Int32], isDelimited: Bool) {
        bytes = buffer.exactBytes
        self.marks = marks
        self.isDelimited = isDelimited
    }

    /// Whether the place of each series is known.
    var isPatchable: Bool { !marks.isEmpty }

    /// Adds the family to a page.
    func append(to page: inout [UInt8]) {
        if isDelimited { page += length }
        page += bytes
    }

    /// How many bytes there are.
    private var length: [UInt8] {
        var buffer = PageBuffer()
        buffer.append(varint: UInt64(bytes.count))
        return buffer.bytes
    }

    /// Writes some of the series anew. What stands between them is copied, and moves where their length has changed.
    mutating func patch(
        _ changes: [SeriesChange], using buffer: inout PageBuffer,
        _ write: (Exposition.Series, ArraySlice<UInt8>, inout PageBuffer) -> Void
    ) {
        buffer.clear()
        var copied = 0
        var moved = 0
        var shift: Int32 = 0
        for change in changes {
            let (start, end) = (Int(marks[change.position]), Int(marks[change.position + 1]))
            buffer.append(bytes[copied..<start])
            write(change.series, bytes[start..<end], &buffer)
            moveMarks(moved...change.position, by: shift)
            shift = Int32(buffer.count - end)
            (copied, moved) = (end, change.position + 1)
        }
        buffer.append(bytes[copied...])
        moveMarks(moved...(marks.count - 1), by: shift)
        if buffer.count == bytes.count {
            bytes.replaceSubrange(bytes.indices, with: buffer.bytes)
        } else {
            bytes = buffer.exactBytes
        }
    }

    private mutating func moveMarks(_ range: ClosedRange<Int>, by shift: Int32) {
        guard shift != 0 else { return }
        for index in range { marks[index] += shift }
    }
}

/// A series whose value has changed.
struct SeriesChange: Sendable {
    /// Its place among the series of its family, in the order of the page.
    let position: Int
    let series: Exposition.Series
}
