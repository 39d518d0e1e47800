// Bodies are passed over, never looked at. All that is wanted of one is where it ends.

/// Finds the end of one body, resumable after any byte.
struct BodyReader: Sendable, BitwiseCopyable {
    enum Progress {
        case goesOn
        case ended
        case malformed
    }

    private enum State: UInt8 {
        case counted, untilClose, size, sizeExtension, data, dataEnd, trailer, trailerLine
    }

    private var state: State
    /// Bytes of the body, or of the chunk at hand, that are still to come.
    private var remaining: UInt64
    /// Digits of the chunk's size so far, or bytes of the line at hand.
    private var lineCount: UInt16 = 0
    /// Content bytes so far, captured or not.
    private(set) var count: UInt64 = 0

    /// A body of a known length.
    init(count: UInt64) {
        state = .counted
        remaining = count
    }

    private init(_ state: State) {
        self.state = state
        remaining = 0
    }

    /// A body in chunks (RFC 9112 section 7.1).
    static var chunked: BodyReader { BodyReader(.size) }
    /// A body that ends with its connection.
    static var untilClose: BodyReader { BodyReader(.untilClose) }

    /// Whether the body ends with its connection.
    var endsWithConnection: Bool { state == .untilClose }

    /// Reads on from `position`, to the end of the body at the furthest.
    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, _ position: inout Int) -> Progress {
        switch state {
        case .counted:
            pass(bytes, &position)
            return remaining == 0 ? .ended : .goesOn
        case .untilClose:
            count &+= UInt64(bytes.count &- position)
            position = bytes.count
            return .goesOn
        default: return takeChunks(bytes, &position)
        }
    }

    @inline(__always)
    private mutating func pass(_ bytes: Span<UInt8>, _ position: inout Int) {
        let available = Swift.min(remaining, UInt64(bytes.count &- position))
        position &+= Int(available)
        remaining &-= available
        count &+= available
    }

    private mutating func takeChunks(_ bytes: Span<UInt8>, _ position: inout Int) -> Progress {
        while position < bytes.count {
            if state == .data {
                pass(bytes, &position)
                if remaining == 0 { beginLine(.dataEnd) }
                continue
            }
            let byte = bytes[position]
            position &+= 1
            lineCount &+= 1
            guard lineCount <= HTTPLimits.chunkLine else { return .malformed }
            switch state {
            case .size: guard takeSize(byte) else { return .malformed }
            case .sizeExtension: if byte == 0x0A { beginData() }
            case .dataEnd:
                guard byte == 0x0D || byte == 0x0A else { return .malformed }
                if byte == 0x0A { beginLine(.size) }
            case .trailer:
                if byte == 0x0A { return .ended }
                if byte != 0x0D { state = .trailerLine }
            case .trailerLine: if byte == 0x0A { beginLine(.trailer) }
            case .counted, .untilClose, .data: break
            }
        }
        return .goesOn
    }

    /// Takes a byte of the line with the chunk's size.
    private mutating func takeSize(_ byte: UInt8) -> Bool {
        let digit: UInt8
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
        case 0x0A, 0x0D, 0x20, 0x09, UInt8(ascii: ";"):
            guard lineCount > 1 else { return false }
            state = .sizeExtension
            if byte == 0x0A { beginData() }
            return true
        default: return false
        }
        guard remaining < 1 << 58 else { return false }
        remaining = remaining << 4 | UInt64(digit)
        return true
    }

    private mutating func beginData() {
        beginLine(remaining == 0 ? .trailer : .data)
    }

    private mutating func beginLine(_ next: State) {
        state = next
        lineCount = 0
    }

    /// Passes over bytes that were not captured.
    ///
    /// - Returns: `malformed` where they reach beyond what is known, so that the end of the body is unknown.
    mutating func skipLost(_ lost: Int) -> Progress {
        let lost = UInt64(lost)
        switch state {
        case .untilClose:
            count &+= lost
            return .goesOn
        case .counted, .data:
            guard lost <= remaining else { return .malformed }
            remaining -= lost
            count &+= lost
            if remaining > 0 { return .goesOn }
            if state == .counted { return .ended }
            beginLine(.dataEnd)
            return .goesOn
        case .size, .sizeExtension, .dataEnd, .trailer, .trailerLine: return .malformed
        }
    }
}
