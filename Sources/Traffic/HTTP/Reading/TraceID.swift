// Which trace a request belongs to, as its client says (W3C Trace Context, `traceparent`).

/// A trace's number, sampled by the tracing client; zero for none.
public struct TraceID: Equatable, Sendable, BitwiseCopyable {
    private(set) var high: UInt64
    private(set) var low: UInt64

    static let none = TraceID(high: 0, low: 0)

    var isKnown: Bool { high | low != 0 }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads a field's value. Anything that is not valid, and a trace that is not sampled, is none.
    init(traceparent value: Span<UInt8>) {
        self = .none
        // Version, trace, parent, flags: 00-<32>-<16>-<2>. Later versions may go on after another dash.
        guard value.count >= 55, value[2] == Self.dash, value[35] == Self.dash, value[52] == Self.dash,
            let version = Self.number(value, 0..<2), version != 0xFF,
            value.count == 55 || version != 0 && value[55] == Self.dash,
            let high = Self.number(value, 3..<19), let low = Self.number(value, 19..<35),
            let parent = Self.number(value, 36..<52), parent != 0, let flags = Self.number(value, 53..<55)
        else { return }
        if flags & 1 == 1 { self = TraceID(high: high, low: low) }
    }

    private static let dash = UInt8(ascii: "-")

    /// Lower-case hexadecimal digits; nil when there are others.
    private static func number(_ value: Span<UInt8>, _ digits: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for place in digits {
            let byte = value[place]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    /// The 32 digits.
    var text: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
