// One field of INFO that is no row of the table: name and value are positions in the reply. It answers the few
// questions that the families with labels ask of it.

/// A field in the middle of an INFO reply.
struct InfoValue {
    let bytes: [UInt8]
    let name: Range<Int>
    let value: Range<Int>

    var text: String { String(decoding: bytes[value], as: UTF8.self) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// What follows the prefix in the name, or nil when the name does not begin with it.
    func rest(after prefix: [UInt8]) -> Range<Int>? {
        guard name.count > prefix.count else { return nil }
        for offset in 0..<prefix.count where bytes[name.lowerBound + offset] != prefix[offset] { return nil }
        return name.lowerBound + prefix.count..<name.upperBound
    }

    /// Whether the name is the prefix and a number, such as `slave0`.
    func isNumbered(_ prefix: [UInt8]) -> Bool {
        guard let digits = rest(after: prefix) else { return false }
        return bytes[digits].allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    /// The parts of a value such as `keys=1,expires=0`.
    var pairs: InfoPairs { InfoPairs(bytes, value) }

    func isEqual(_ range: Range<Int>, _ word: [UInt8]) -> Bool {
        bytes[range].elementsEqual(word)
    }
}
