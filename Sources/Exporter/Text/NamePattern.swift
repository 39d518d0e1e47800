// `--metrics.exclude` switches families off by name; `*` stands for any run of characters.

/// A pattern over family names.
struct NamePattern: Sendable, Equatable {
    private let pieces: [[UInt8]]

    init(_ text: String) {
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Whether the whole name fits.
    func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        guard let first = pieces.first, let last = pieces.last else { return false }
        guard pieces.count > 1 else { return name == first }
        guard name.count >= first.count + last.count, name.starts(with: first), name.suffix(last.count) == last[...]
        else { return false }
        var rest = name[first.count..<(name.count - last.count)]
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

extension ArraySlice<UInt8> {
    /// Where a run of bytes stands first.
    fileprivate func firstRange(of piece: [UInt8]) -> Range<Int>? {
        guard piece.count <= count else { return nil }
        return (startIndex...(endIndex - piece.count)).lazy
            .map { $0..<($0 + piece.count) }
            .first { self[$0].elementsEqual(piece) }
    }
}
