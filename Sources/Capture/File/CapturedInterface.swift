// What a pcapng file says of an interface: its link layer, and what its stamps mean.

import Traffic

/// An interface that packets of a file were captured on.
struct CapturedInterface {
    /// How many a section may have.
    static let atMost = 65_536

    let link: LinkType
    /// Seconds that are added to each stamp.
    var offset: Int64 = 0
    private var unit = Unit.nanoseconds(1000)

    /// What a stamp counts.
    private enum Unit {
        case nanoseconds(UInt64)
        /// So many of them are a nanosecond.
        case parts(UInt64)
        /// A second is two to the power of this many.
        case binary(UInt64)
    }

    init(link: LinkType) {
        self.link = link
    }

    /// Takes the option if_tsresol: a negative power of ten, or with its first bit one of two.
    mutating func setResolution(_ option: UInt8) {
        let exponent = option & 0x7F
        unit =
            switch exponent {
            case _ where option & 0x80 != 0: .binary(UInt64(min(exponent, 63)))
            case ...9: .nanoseconds(Self.power(9 - exponent))
            default: .parts(Self.power(min(exponent, 28) - 9))
            }
    }

    private static func power(_ exponent: UInt8) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// Nanoseconds since 1970.
    @inline(__always)
    func stamp(_ time: UInt64) -> UInt64 {
        let nanoseconds =
            switch unit {
            case .nanoseconds(let count): time &* count
            case .parts(let count): time / count
            case .binary(let exponent): Self.nanoseconds(time, exponent)
            }
        return nanoseconds &+ UInt64(bitPattern: offset) &* 1_000_000_000
    }

    private static func nanoseconds(_ time: UInt64, _ exponent: UInt64) -> UInt64 {
        let (high, low) = time.multipliedFullWidth(by: 1_000_000_000)
        return exponent == 0 ? low : high << (64 - exponent) | low >> exponent
    }
}
