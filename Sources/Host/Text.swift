// What the kernel writes in its small files: lines, words, decimal numbers. Decoders are written in these terms and
// know nothing of files.

/// A piece of a file, without a copy of its bytes: the whole of it, a line or a word.
struct Text: Sendable {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    init(_ string: String) {
        self.bytes = ArraySlice(string.utf8)
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// The text as a string; what is not UTF-8 is replaced.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the last line has its end. The kernel ends every line, so a file without it was cut off.
    var isComplete: Bool { bytes.isEmpty || bytes.last == UInt8(ascii: "\n") }

    /// The lines that have their end: of a line that was cut off, half a number would be a wrong number.
    var lines: Pieces { Pieces(bytes, separators: .newline, keepsRest: false) }

    /// The words between spaces and tabs.
    var words: Pieces { Pieces(bytes, separators: .blank) }

    /// The strings of `cmdline`: each ends in a NUL, and a server that sets its title pads it with more of them.
    var strings: Pieces { Pieces(bytes, separators: .nul) }

    /// The pieces between commas, as in a list of cgroup controllers.
    var items: Pieces { Pieces(bytes, separators: .comma) }

    /// The first line without its end; nil when there is none.
    var line: Text? { lines.first }

    /// The number that the whole text is; nil for anything but decimal digits, and beyond 2^64 - 1.
    var number: UInt64? {
        guard !bytes.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !tooLarge, !carried else { return nil }
            value = sum
        }
        return value
    }

    /// The finite decimal number that the whole text is, such as a load of `0.07`.
    var decimal: Double? {
        guard let first = bytes.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first else { return nil }
        return Double(string).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Whether the text is exactly this.
    func equals(_ other: String) -> Bool {
        bytes.elementsEqual(other.utf8)
    }

    func hasPrefix(_ prefix: String) -> Bool {
        bytes.starts(with: prefix.utf8)
    }

    func hasSuffix(_ suffix: String) -> Bool {
        bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// What stands before and after the first such byte; nil when there is none.
    func split(atFirst byte: UInt8) -> (before: Text, after: Text)? {
        bytes.firstIndex(of: byte).map { (Text(bytes[..<$0]), Text(bytes[($0 + 1)...])) }
    }

    /// What stands before and after the last such byte; nil when there is none.
    func split(atLast byte: UInt8) -> (before: Text, after: Text)? {
        bytes.lastIndex(of: byte).map { (Text(bytes[..<$0]), Text(bytes[($0 + 1)...])) }
    }
}

/// The pieces of a text between separators, one after the other; runs of separators count as one.
struct Pieces: Sequence, IteratorProtocol {
    enum Separators {
        case newline
        case blank
        case nul
        case comma

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .newline: byte == UInt8(ascii: "\n")
            case .blank: byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            case .nul: byte == 0
            case .comma: byte == UInt8(ascii: ",")
            }
        }
    }

    private var rest: ArraySlice<UInt8>
    private let separators: Separators
    private let keepsRest: Bool

    /// - Parameter keepsRest: whether what stands after the last separator is a piece too.
    init(_ bytes: ArraySlice<UInt8>, separators: Separators, keepsRest: Bool = true) {
        self.rest = bytes
        self.separators = separators
        self.keepsRest = keepsRest
    }

    /// The first piece, if there is one.
    var first: Text? {
        var copy = self
        return copy.next()
    }

    mutating func next() -> Text? {
        guard let start = rest.firstIndex(where: { !separators.contains($0) }) else { return nil }
        let end = rest[start...].firstIndex(where: separators.contains)
        guard let end = end ?? (keepsRest ? rest.endIndex : nil) else { return nil }
        defer { rest = rest[end...] }
        return Text(rest[start..<end])
    }

    /// The next piece that satisfies the condition; those before it are passed over.
    ///
    /// Not `first(where:)`, which looks in a copy and leaves this one where it is.
    mutating func next(where isWanted: (Text) -> Bool) -> Text? {
        while let piece = next() {
            if isWanted(piece) { return piece }
        }
        return nil
    }

    /// The next piece as a number; nil when there is none, or when it is something else.
    mutating func nextNumber() -> UInt64? {
        next()?.number
    }

    /// Passes over that many pieces; fewer when the text ends.
    mutating func skip(_ count: Int) {
        for _ in 0..<count where next() == nil { return }
    }
}
