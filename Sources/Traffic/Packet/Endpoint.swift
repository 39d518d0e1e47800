// Both ends of a connection. An IPv4 address is kept as ::ffff:a.b.c.d, so that a dual-stack server's view and the
// wire's agree.

/// An IP address.
public struct Address: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address, in host order.
    public init(ipv4: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4))
    }

    /// An IPv6 address of 16 bytes, as on the wire; nil for another number of bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        func join(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: join(bytes[..<8]), low: join(bytes[8...]))
    }

    var ipv4: UInt32? {
        high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// Whether it is one of 127.0.0.0/8, or ::1.
    public var isLoopback: Bool {
        ipv4.map { $0 >> 24 == 127 } ?? (high == 0 && low == 1)
    }
}

/// An address and a TCP port.
public struct Endpoint: Hashable, Sendable {
    public let address: Address
    public let port: UInt16

    public init(address: Address, port: UInt16) {
        self.address = address
        self.port = port
    }
}
