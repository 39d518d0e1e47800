// Finds names in a fixed list by their bytes. A poll looks up some three hundred names; a dictionary would need each of
// them as a string first.

/// A fixed list of names that can be found by bytes in the middle of a reply.
struct NameIndex: Sendable {
    /// All names one after the other.
    private let text: [UInt8]
    /// Where each name begins in `text`, and where the last one ends.
    private let starts: [Int]
    /// Positions in the list, -1 where free; a power of two, at most a quarter full.
    private var slots: [Int]

    /// - Parameter names: where a name stands twice, the first one is found.
    init(_ names: [String]) {
        text = names.flatMap { Array($0.utf8) }
        starts = names.reduce(into: [0]) { starts, name in starts.append(starts[starts.count - 1] + name.utf8.count) }
        var size = 16
        while size < names.count * 4 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for position in names.indices {
            let name = starts[position]..<starts[position + 1]
            guard self[text, name] == nil else { continue }
            var slot = Self.hash(text, name) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = position
        }
    }

    /// The position in the list of the name that the bytes are.
    subscript(bytes: [UInt8], range: Range<Int>) -> Int? {
        var slot = Self.hash(bytes, range) & (slots.count - 1)
        while slots[slot] >= 0 {
            if isName(slots[slot], bytes, range) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isName(_ position: Int, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = starts[position]
        guard starts[position + 1] - start == range.count else { return false }
        for offset in 0..<range.count where text[start + offset] != bytes[range.lowerBound + offset] { return false }
        return true
    }

    /// FNV-1a.
    private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in range { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
        return Int(hash)
    }
}
