// Where live packets come from: a packet socket (packet(7)) gets a copy of each packet that passes an interface. It
// delivers from the IP header on, whatever the link layer is; VLAN tags are the kernel's business then.

import CPacketSocket
import Glibc

/// A packet socket, closed with its owner.
struct PacketSocket: ~Copyable {
    let descriptor: Int32

    /// Opens a socket that gets nothing until it is bound. Takes CAP_NET_RAW; nothing else here does.
    init(_ filter: PacketFilter) throws(CaptureError) {
        descriptor = socket(AF_PACKET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            if errno == EPERM || errno == EACCES { throw .noCapability }
            throw .resources("packet socket: \(Self.reason(errno))")
        }
        guard take(filter) else { throw .resources("packet filter: \(Self.reason(errno))") }
    }

    deinit {
        close(descriptor)
    }

    /// From now on gets what the filter takes.
    ///
    /// - Returns: whether the kernel agreed.
    @discardableResult
    func take(_ filter: PacketFilter) -> Bool { filter.attach(to: descriptor) }

    /// Every packet shows up twice on the loopback, going out and coming in; one copy is enough. Before Linux 4.20 both
    /// come, and the second is a repeated segment.
    func ignoreOutgoing() {
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Gets the packets of the interface that has this number now, of all interfaces with 0.
    ///
    /// Binding an open socket anew takes no capability.
    ///
    /// - Returns: whether the kernel agreed.
    func bind(to index: UInt32) -> Bool {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
        address.sll_ifindex = Int32(bitPattern: index)
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size)) == 0
            }
        }
    }

    /// The kernel's number of the interface whose link-layer address (packet(7)) this is; nil for other addresses.
    static func interfaceIndex(of address: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
        guard let address = unsafe address, unsafe Int32(address.pointee.sa_family) == AF_PACKET else { return nil }
        return unsafe address.withMemoryRebound(to: sockaddr_ll.self, capacity: 1) {
            unsafe UInt32(truncatingIfNeeded: $0.pointee.sll_ifindex)
        }
    }

    /// Packets that were dropped because the ring was full, since this was asked for the last time.
    func takeDrops() -> UInt64 {
        var counts = tpacket_stats_v3()
        var size = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
        guard unsafe getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &counts, &size) == 0 else { return 0 }
        return UInt64(counts.tp_drops)
    }

    /// Why the socket gets nothing, since this was asked for the last time; nil when nothing was wrong.
    func takeError() -> String? {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error != 0 else { return nil }
        return Self.reason(error)
    }

    private static func reason(_ error: Int32) -> String { unsafe String(cString: strerror(error)) }
}

extension PacketFilter {
    /// Lets a socket take what the filter takes, from now on. Takes no capability.
    ///
    /// - Returns: whether the kernel agreed.
    func attach(to descriptor: Int32) -> Bool {
        var code = instructions.map {
            sock_filter(code: $0.code, jt: $0.jumpIfTrue, jf: $0.jumpIfFalse, k: $0.operand)
        }
        let count = UInt16(clamping: code.count)
        return unsafe code.withUnsafeMutableBufferPointer { code in
            var program = unsafe sock_fprog(len: count, filter: code.baseAddress)
            let size = unsafe socklen_t(MemoryLayout<sock_fprog>.size)
            return unsafe setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, size) == 0
        }
    }
}
