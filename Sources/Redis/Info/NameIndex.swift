// Finds names in a fixed list by their bytes. A poll looks up some three hundred names; a dictionary would need each of
// them as a string first.

/// A fixed list of names that can be found by bytes in the middle of a reply.
struct NameIndex: Sendable {
    private let names: [[UInt8]]
    /// Positions in `names`, -1 where free; a power of two, at most a quarter full.
    private var slots: [Int]

    /// - Parameter names: where a name stands twice, the first one is found.
    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
        var size = 16
        while size < names.count * 4 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for (position, name) in self.names.enumerated() where self[name, 0..<name.count] == nil {
            var slot = Self.hash(name, 0..<name.count) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = position
        }
    }

    /// The position in the list of the name that the bytes are.
    subscript(bytes: [UInt8], range: Range<Int>) -> Int? {
        var slot = Self.hash(bytes, range) & (slots.count - 1)
        while slots[slot] >= 0 {
            if isEqual(names[slots[slot]], bytes, range) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isEqual(_ name: [UInt8], _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard name.count == range.count else { return false }
        for offset in 0..<name.count where name[offset] != bytes[range.lowerBound + offset] { return false }
        return true
    }

    /// FNV-1a.
    private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in range { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
        return Int(hash)
    }
}
