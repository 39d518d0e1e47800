// What a key is once everything that identifies one thing is `*`: the group's name, unless there are too many words.

/// A name as it is being written.
struct NameTemplate: Sendable {
    /// The longest name of a group, in bytes. What does not fit is one `*`.
    static let longest = 128

    private(set) var bytes: [UInt8]
    private(set) var count = 0
    /// Where the `*` that was written last ends.
    private var starEnd = 0
    /// The places of digits that were written as they are, in the key.
    private(set) var keptDigits: UInt64 = 0
    /// Whether another key of the same layout, with other digits, has the same template but for the kept digits.
    private(set) var dependsOnLayoutOnly = true

    init() {
        bytes = Array(repeating: 0, count: Self.longest)
    }

    mutating func clear() {
        count = 0
        starEnd = 0
        keptDigits = 0
        dependsOnLayoutOnly = true
    }

    /// What was written.
    var written: [UInt8] { Array(bytes[..<count]) }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count < Self.longest { bytes[count] = byte }
        count &+= 1
    }

    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        for place in range { append(source[place]) }
    }

    /// Writes a digit as it is.
    ///
    /// - Parameter place: where it stands in the key; nil when that is not known.
    mutating func append(digit: UInt8, at place: Int?) {
        append(digit)
        if let place, place < UInt64.bitWidth {
            keptDigits |= 1 << UInt64(place)
        } else {
            dependsOnLayoutOnly = false
        }
    }

    /// Writes `*`, which takes over the one before it when only weak delimiters stand between.
    mutating func appendStar(_ kinds: ByteKinds, from start: Int) {
        if starEnd > start, count <= Self.longest, (starEnd..<count).allSatisfy({ kinds[bytes[$0]] == .weak }) {
            count = starEnd
            return
        }
        append(UInt8(ascii: "*"))
        starEnd = count
    }

    /// Whether it has become too long.
    var isFull: Bool { count > Self.longest - 2 }

    /// Takes back what was written from a place on.
    mutating func truncate(to place: Int) {
        count = Swift.min(count, place)
        starEnd = Swift.min(starEnd, count)
    }

    /// Notes that something that is not made of digits became `*`.
    mutating func coverLetters() {
        dependsOnLayoutOnly = false
    }

    /// Writes `*` for what is not looked at word by word.
    mutating func appendRest() {
        coverLetters()
        append(UInt8(ascii: "*"))
    }

    /// Whether anything but `*` and weak delimiters was written from a place on.
    func hasWords(from start: Int, _ kinds: ByteKinds) -> Bool {
        (start..<Swift.min(count, Self.longest)).contains { kinds[bytes[$0]].isAlphanumeric }
    }

    /// Whether what stands there is `*` alone.
    func isStar(_ range: Range<Int>) -> Bool {
        range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "*")
    }
}
