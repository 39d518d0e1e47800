/// In which order a file has the bytes of its numbers.
public enum ByteOrder: Sendable, CaseIterable {
    case little, big

    public func callAsFunction<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
        let bytes = (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> T($0 * 8)) }
        return self == .little ? bytes : bytes.reversed()
    }
}

/// A pcapng file, block by block (draft-ietf-opsawg-pcapng).
public struct PcapngFile {
    private let order: ByteOrder
    /// The file's bytes.
    public private(set) var bytes: [UInt8] = []

    /// Begins a section.
    public init(_ order: ByteOrder = .little) {
        self.order = order
        let anyLength = UInt64.max
        add(block: 0x0A0D_0D0A, order(UInt32(0x1A2B_3C4D)) + order(UInt16(1)) + [0, 0] + order(anyLength))
    }

    /// Describes an interface; they are counted from 0.
    ///
    /// - Parameter link: its LINKTYPE_ number.
    public mutating func addInterface(link: UInt16, options: [(code: UInt16, value: [UInt8])] = []) {
        let list = options.map { order($0.code) + order(UInt16($0.value.count)) + padded($0.value) }
        add(
            block: 1,
            order(link) + [0, 0] + order(UInt32(262_144)) + list.joined() + (list.isEmpty ? [] : [0, 0, 0, 0]))
    }

    /// Adds a packet with its time in the interface's own unit.
    public mutating func add(_ frame: [UInt8], at time: UInt64, on interface: Int) {
        let length = order(UInt32(frame.count))
        let stamp = order(UInt32(time >> 32)) + order(UInt32(truncatingIfNeeded: time))
        add(block: 6, order(UInt32(interface)) + stamp + length + length + padded(frame))
    }

    /// Adds a block of any type, of a multiple of four bytes.
    public mutating func add(block type: UInt32, _ body: [UInt8]) {
        let length = order(UInt32(body.count + 12))
        bytes += order(type) + length + body + length
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}
