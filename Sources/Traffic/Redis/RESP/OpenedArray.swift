// EXEC's reply holds the replies of a whole transaction. When those are wanted it is opened: each element is read as a
// reply of its own, and the array around them is put together again at the end.

/// An array whose elements are read one by one.
struct OpenedArray: Sendable {
    private let length: Int64
    /// Elements to come, the one at hand included.
    private(set) var toCome: Int64
    /// Bytes read so far, without those of the element at hand.
    private var size: Int

    /// - Parameter header: the array's reply so far.
    init(_ header: ReplyFacts) {
        length = header.length
        toCome = header.length
        size = header.size
    }

    /// Counts in what was read; a push that Redis has put between the elements is none of them.
    mutating func add(_ part: ReplyFacts) {
        size += part.size
        if !part.isPush { toCome -= 1 }
    }

    /// The array as a whole.
    func reply(isWhole: Bool) -> ReplyFacts {
        ReplyFacts(type: UInt8(ascii: "*"), isWhole: isWhole, length: length, size: size)
    }
}

extension ReplyParser {
    /// Reads on to the end of an element, or ends the array.
    mutating func nextElement(of array: OpenedArray, _ bytes: Span<UInt8>, _ position: inout Int) -> Event {
        var array = array
        while true {
            if array.toCome == 0 {
                close(array)
                return .reply
            }
            let event = nextReply(bytes, &position)
            guard case .reply = event else { return event }
            let isElement = !reply.isPush
            array.add(reply)
            open(array)
            if isElement { return .element }
        }
    }
}
