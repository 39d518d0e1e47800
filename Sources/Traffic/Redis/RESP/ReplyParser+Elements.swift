// One element of a reply: its type byte, its number, its body or line, its end.

extension ReplyParser {
    /// Starts an element by its type byte; false when there is no such type.
    @inline(__always)
    mutating func begin(_ type: UInt8) -> Bool {
        element = type
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: ":"), UInt8(ascii: "*"): state = .number
        case UInt8(ascii: "+"), UInt8(ascii: "-"): state = .text
        case UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("): state = .text
        case UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: "="), UInt8(ascii: "!"):
            state = .number
        case UInt8(ascii: "|"): state = .number
        default: return false
        }
        if type == UInt8(ascii: "|") || type == UInt8(ascii: ">") && reply.type != 0 {
            isAside = true
            isKindNext = false
            return true
        }
        text = LeadingWord()
        isTop = reply.type == 0 && open == 1
        let isError = type == UInt8(ascii: "-") || type == UInt8(ascii: "!")
        if isTop {
            reply.type = type
            reply.integer = 0  // not that of an attribute
            reply.isNull = type == UInt8(ascii: "_")
            purpose = isError || type == UInt8(ascii: "+") ? .word : .nothing
        } else if type == UInt8(ascii: "_") {
            reply.empties &+= 1
            purpose = .nothing
        } else if isKindNext {
            purpose = .word
        } else if isError && reply.type != 0 {
            purpose = .nestedError
        } else {
            purpose = .nothing
        }
        isKindNext = false
        return true
    }

    /// Takes the number after a type byte; false when it is beyond the limits.
    @inline(__always)
    mutating func take(_ value: Int64) -> Bool {
        if isAside {
            isAside = false
            state = .type
            return expect(value, pairs: element == UInt8(ascii: "|"))
        }
        switch element {
        case UInt8(ascii: ":"):
            reply.integer = value
            if value == 0 && !isTop { reply.empties &+= 1 }
            state = .elementEnd
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
            guard value <= RESPLimits.bulkLength else { return false }
            if isTop { describe(value) } else if value < 0 { reply.empties &+= 1 }
            remaining = Int(Swift.max(0, value))
            state = value < 0 ? .elementEnd : .body
        default:
            guard expect(value, pairs: element == UInt8(ascii: "%")) else { return false }
            if isTop {
                describe(value)
                isKindNext = value > 0 && (reply.isArray || reply.isPush)
            } else if value < 0 {
                reply.empties &+= 1
            }
            state = .elementEnd
        }
        return true
    }

    mutating func describe(_ length: Int64) {
        reply.isNull = length < 0
        reply.length = Swift.max(0, length)
    }

    /// Adds an aggregate's elements to those that are still to come.
    mutating func expect(_ count: Int64, pairs: Bool) -> Bool {
        guard count <= RESPLimits.elements else { return false }
        open += Swift.max(0, count) * (pairs ? 2 : 1)
        return open <= RESPLimits.openElements
    }

    /// Ends an element, and with the last one the reply.
    @inline(__always)
    mutating func endElement() -> Event? {
        if purpose != .nothing {
            let isNestedError = purpose == .nestedError
            purpose = .nothing
            if isNestedError { return .nestedError }
            reply.word = text.word
        }
        state = .type
        open &-= 1
        if open == 0 { return .reply }
        return opensArray && isTop && reply.isArray ? .opened : nil
    }

    /// Skips a body, looking at its start when it is of use; false when the bytes end first.
    @inline(__always)
    mutating func readBody(_ bytes: Span<UInt8>, _ position: inout Int) -> Bool {
        let available = Swift.min(remaining, bytes.count &- position)
        if purpose != .nothing {
            for index in position..<position &+ available {
                if text.isComplete { break }
                text.take(bytes[index])
            }
        }
        position &+= available
        remaining &-= available
        if remaining == 0 { state = .carriageReturn }
        return remaining == 0
    }

    /// Skips a simple line up to its end; false when it is too long.
    @inline(__always)
    mutating func readText(_ bytes: Span<UInt8>, _ position: inout Int) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position &+= 1
            if byte == 0x0D {
                state = .lineFeed
                return true
            }
            text.take(byte)
        }
        return text.passed <= RESPLimits.line
    }
}
