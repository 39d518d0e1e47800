// Most lines of a head mean nothing here: cookies, dates, what a browser accepts. Four bytes of a line tell that, and
// nothing else of it is looked at.

/// The names of fields that mean something, by their first four bytes: a Bloom filter with one hash.
///
/// Whether letters are upper or lower makes no difference. A name that is not there is found one time in ten, which
/// costs a closer look.
struct FieldFilter: Sendable, BitwiseCopyable {
    private var bits: UInt64 = 0

    init() {}

    init(_ names: StaticString...) {
        for name in names { add(Array("\(name)".utf8)) }
    }

    /// - Parameter name: not empty.
    mutating func add(_ name: [UInt8]) {
        // A name's colon belongs to it. Behind a shorter name the value counts, which may be anything.
        let start = (name + Array(":".utf8)).prefix(4)
        if start.count < 4 { return bits = .max }
        bits |= 1 &<< Self.place(start.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Whether a line may be of one of the fields.
    ///
    /// - Parameter start: its first four bytes, the first one lowest.
    @inline(__always)
    func mayHold(_ start: UInt32) -> Bool {
        bits &>> Self.place(start) & 1 != 0
    }

    @inline(__always)
    private static func place(_ start: UInt32) -> UInt64 {
        UInt64(((start | 0x2020_2020) &* 0x9E37_79B1) >> 26)
    }
}
