// Names that others give: databases, users, programs, keys. Swift calls two texts equal that differ in their Unicode
// form only. To servers and to Prometheus they are two names, and one of them could hide the other.

/// A name given by others. Two are the same when their bytes are.
public struct ForeignName: Hashable, Comparable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: ForeignName, right: ForeignName) -> Bool { left.text.hasSameBytes(as: right.text) }

    public static func < (left: ForeignName, right: ForeignName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension String {
    /// Whether both have the same bytes; texts that are not even equal cost no look at them, nor do those without a
    /// letter that has several forms.
    func hasSameBytes(as other: String) -> Bool {
        self == other && (utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8))
    }
}
