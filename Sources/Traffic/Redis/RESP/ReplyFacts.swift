// What is worth knowing of a reply once it has passed.

/// The facts about one whole reply.
struct ReplyFacts: Equatable, Sendable {
    /// The type byte, of what follows the attributes where there are any; 0 before it is known.
    var type: UInt8 = 0
    /// `$-1`, `*-1` or `_`.
    var isNull = false
    /// Whether all of it was read; false where its end was lost.
    var isWhole = true
    /// The elements, over all levels, that are null or the number 0.
    var empties: UInt32 = 0
    /// How many elements or bytes its header announced; 0 for types without a header.
    var length: Int64 = 0
    /// The number of an integer reply, or the last integer within an aggregate.
    var integer: Int64 = 0
    /// Its bytes, attributes included.
    var size = 0
    /// The first word of a simple string or an error, or the first element of an array or push.
    var word = ShortWord()

    var isError: Bool { type == UInt8(ascii: "-") || type == UInt8(ascii: "!") }
    var isPush: Bool { type == UInt8(ascii: ">") }
    var isArray: Bool { type == UInt8(ascii: "*") }
    /// An array, a set or a map.
    var isCollection: Bool { isArray || type == UInt8(ascii: "~") || type == UInt8(ascii: "%") }
    /// A null, or a collection without elements: Redis keeps no empty ones.
    var isNothing: Bool { isNull || length == 0 && isCollection }
}
