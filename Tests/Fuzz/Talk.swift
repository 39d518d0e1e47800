// A conversation on paper, which the capture sees as badly as the input wants.

/// A connection whose packets the capture may miss, see twice, see late or see in part.
struct Talk {
    private let port: UInt16
    private let server: UInt16
    private var clientPlace: UInt32 = 1_000
    private var serverPlace: UInt32 = 4_294_967_000
    private var last: (frame: [UInt8], length: Int) = ([], 0)

    init(port: UInt16, server: UInt16 = 6379) {
        self.port = port
        self.server = server
    }

    enum Delivery: UInt8 {
        case plain, missed, twice, late, cut
    }

    mutating func send(
        _ payload: [UInt8], fromServer: Bool, flags: UInt8, _ delivery: Delivery, snap: Int,
        _ deliver: ([UInt8], Int) -> Void
    ) {
        let frame = frame(payload, fromServer: fromServer, flags: flags)
        let moves = UInt32(payload.count) &+ (flags & 0x03 != 0 ? 1 : 0)
        if fromServer { serverPlace &+= moves } else { clientPlace &+= moves }
        switch delivery {
        case .plain: deliver(frame, frame.count)
        case .missed: break
        case .twice:
            deliver(frame, frame.count)
            deliver(frame, frame.count)
        case .late:
            if last.length > 0 { deliver(last.frame, last.length) }
            last = (frame, frame.count)
        case .cut: deliver(Array(frame.prefix(54 + snap)), frame.count)
        }
    }

    /// Begins anew from the same port, at other places.
    mutating func jump() {
        clientPlace &+= 0x5000_0000
        serverPlace &+= 0x7000_0000
    }

    private func frame(_ payload: [UInt8], fromServer: Bool, flags: UInt8) -> [UInt8] {
        let ports: [UInt16] = fromServer ? [server, port] : [port, server]
        let places = fromServer ? [serverPlace, clientPlace] : [clientPlace, serverPlace]
        let ends: [[UInt8]] = fromServer ? [[10, 0, 0, 2], [10, 0, 0, 1]] : [[10, 0, 0, 1], [10, 0, 0, 2]]
        var frame: [UInt8] = [UInt8](repeating: 0, count: 12) + [0x08, 0x00, 0x45, 0]
        frame += Self.bytes(UInt16(40 + payload.count)) + [0, 0, 0x40, 0, 64, 6, 0, 0] + ends.joined()
        frame += ports.flatMap(Self.bytes)
        frame += places.flatMap { Self.bytes(UInt16($0 >> 16)) + Self.bytes(UInt16(truncatingIfNeeded: $0)) }
        return frame + [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
    }

    private static func bytes(_ number: UInt16) -> [UInt8] {
        [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }
}

/// What an input wants done next: who says what on which connection, and what becomes of the packet.
struct Order {
    /// One of four connections.
    let who: Int
    /// What else is to happen, 0 to 15: up to 3 a flag of TCP, 4 to 6 as told below, others as the target likes.
    let kind: UInt8
    let snap: Int
    private let isFromServer: Bool
    private let delivery: Talk.Delivery
    private let flags: UInt8
    private let milliseconds: UInt64
    private let payload: [UInt8]

    init(_ input: inout FuzzInput) {
        // The low bits say who, the high ones what.
        let order = input.byte()
        who = Int(order & 3)
        isFromServer = order & 4 != 0
        delivery = Talk.Delivery(rawValue: order >> 5) ?? .plain
        let second = input.byte()
        (milliseconds, kind) = (UInt64(second >> 4), second & 15)
        snap = Int(input.byte())
        flags = kind < 4 ? [0x02, 0x12, 0x11, 0x14][Int(kind)] : 0x18
        payload = flags & 3 != 0 ? [] : input.bytes(Int(input.short() & 0x7FF))
    }

    /// Lets time pass, more than a minute now and then, or backwards.
    func pass(_ stamp: inout UInt64) {
        stamp &+= milliseconds * 1_000_000
        if kind == 5 { stamp &+= 70_000_000_000 }
        if kind == 6 { stamp &-= 3_000_000_000 }
    }

    func perform(_ talks: inout [Talk], _ deliver: ([UInt8], Int) -> Void) {
        if kind == 4 { talks[who].jump() }
        talks[who].send(payload, fromServer: isFromServer, flags: flags, delivery, snap: snap, deliver)
    }
}
