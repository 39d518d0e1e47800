// libpcap: packets of one interface, or of one file. The only file that knows its handle.

import CLibPcap
import Glibc
public import Traffic

/// An open capture that the traffic engine can be fed from.
@safe
public struct PacketSource: ~Copyable {
    private let handle: OpaquePointer
    private let name: String
    /// Its link layer.
    public let link: LinkType
    /// Readable when there are packets; -1 for a file.
    let descriptor: Int32
    /// The drops that libpcap has told so far, in its own width.
    private var toldDrops: UInt32 = 0

    deinit {
        unsafe pcap_close(handle)
    }

    private init(_ handle: OpaquePointer, name: String, isLive: Bool) throws(CaptureError) {
        let number = unsafe pcap_datalink(handle)
        guard let link = LinkType(number: Int(number)) else {
            let described = unsafe pcap_datalink_val_to_name(number).map { unsafe String(cString: $0) }
            unsafe pcap_close(handle)
            throw .linkLayer(name, name: described ?? "\(number)")
        }
        unsafe self.handle = handle
        self.name = name
        self.link = link
        descriptor = isLive ? unsafe pcap_get_selectable_fd(handle) : -1
    }
}

// Files.
extension PacketSource {
    /// Opens a pcap or pcapng file. Stamps come in nanoseconds, whatever the file has.
    public static func file(_ path: String) throws(CaptureError) -> PacketSource {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        guard let handle = unsafe pcap_open_offline_with_tstamp_precision(path, precision, &message) else {
            let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            // Errors of the system come with the path, others without.
            throw .file(path, reason: text.hasPrefix("\(path): ") ? String(text.dropFirst(path.count + 2)) : text)
        }
        return try unsafe PacketSource(handle, name: path, isLive: false)
    }

    /// How far into the file reading has come, in bytes.
    public var position: Int {
        guard let file = unsafe pcap_file(handle) else { return 0 }
        return unsafe max(0, ftell(file))
    }
}

// Interfaces.
extension PacketSource {
    /// How long packets may wait in a part of the ring that is not full yet, in milliseconds.
    static let ringTimeout: Int32 = 100

    /// Starts to capture on an interface. The kernel keeps what is not read yet in a ring.
    ///
    /// - Parameters:
    ///   - snapLength: bytes kept of each packet.
    ///   - ring: bytes of the ring, which count as resident memory.
    static func live(
        _ interface: NetworkInterface, ports: [UInt16], snapLength: Int, ring: Int
    ) throws(CaptureError) -> PacketSource {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create(interface.name, &message) else {
            throw .interface(interface.name, reason: "libpcap has no memory")
        }
        unsafe pcap_set_snaplen(handle, Int32(clamping: snapLength))
        unsafe pcap_set_buffer_size(handle, Int32(clamping: ring))
        unsafe pcap_set_timeout(handle, ringTimeout)
        unsafe pcap_set_promisc(handle, 0)
        unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let status = unsafe pcap_activate(handle)
        guard status >= 0 else {
            let error = unsafe Self.error(of: handle, status, interface.name)
            unsafe pcap_close(handle)
            throw error
        }
        let source = try unsafe PacketSource(handle, name: interface.name, isLive: true)
        if interface.isLoopback { source.ignoreOutgoing() }
        try source.filter(ports)
        guard unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
            throw .interface(interface.name, reason: "cannot be read without waiting")
        }
        return source
    }

    private static func error(of handle: OpaquePointer, _ status: Int32, _ name: String) -> CaptureError {
        switch status {
        case PCAP_ERROR_PERM_DENIED: .noCapability
        case PCAP_ERROR_NO_SUCH_DEVICE, PCAP_ERROR_IFACE_NOT_UP: .noInterface(name)
        default: unsafe .interface(name, reason: String(cString: pcap_geterr(handle)))
        }
    }

    /// Every packet shows up twice on the loopback, going out and coming in; one copy is enough, and the kernel can
    /// leave out the other (packet(7), since Linux 4.20). libpcap leaves it out by itself on older kernels.
    private func ignoreOutgoing() {
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private func filter(_ ports: [UInt16]) throws(CaptureError) {
        // Not every link layer can carry a VLAN tag; there the plain filter says it all.
        for text in [PacketFilter.withVLAN(ports: ports), PacketFilter.plain(ports: ports)] {
            var program = unsafe bpf_program()
            guard unsafe pcap_compile(handle, &program, text, 1, PCAP_NETMASK_UNKNOWN) == 0 else { continue }
            let status = unsafe pcap_setfilter(handle, &program)
            unsafe pcap_freecode(&program)
            if status == 0 { return }
        }
        throw .interface(name, reason: unsafe String(cString: pcap_geterr(handle)))
    }

    /// Goes on with the interface that has this number now. Binding an open packet socket anew takes no capability.
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

    /// Packets that the kernel has dropped since the last time this was asked, because the ring was full.
    mutating func takeDrops() -> UInt64 {
        var statistics = pcap_stat()
        guard unsafe pcap_stats(handle, &statistics) == 0 else { return 0 }
        let told = statistics.ps_drop
        defer { toldDrops = told }
        return UInt64(told &- toldDrops)
    }
}

// Reading.
extension PacketSource {
    /// What the callback needs for each packet.
    @safe private struct Reading {
        let engine: UnsafeMutablePointer<TrafficEngine>
        let meter: UnsafeMutablePointer<Meter>
        let link: LinkType
        let interface: Int
    }

    /// Gives packets to the engine, as many as there are, up to a number.
    ///
    /// - Returns: how many; 0 when there are none now, or at the end of a file.
    @discardableResult
    public mutating func read(
        into engine: inout TrafficEngine, _ meter: inout Meter, interface: Int, atMost count: Int
    ) throws(CaptureError) -> Int {
        let link = link
        let status = unsafe withUnsafeMutablePointer(to: &engine) { engine in
            unsafe withUnsafeMutablePointer(to: &meter) { meter in
                var reading = unsafe Reading(engine: engine, meter: meter, link: link, interface: interface)
                return unsafe withUnsafeMutablePointer(to: &reading) { context in
                    let user = unsafe UnsafeMutableRawPointer(context).assumingMemoryBound(to: UInt8.self)
                    return unsafe pcap_dispatch(handle, Int32(clamping: count), Self.take, user)
                }
            }
        }
        guard status >= 0 else {
            let reason = unsafe String(cString: pcap_geterr(handle))
            throw descriptor < 0 ? .file(name, reason: reason) : .interface(name, reason: reason)
        }
        return Int(status)
    }

    private static let take: pcap_handler = { context, header, bytes in
        guard let context = unsafe context, let header = unsafe header, let bytes = unsafe bytes else { return }
        let reading = unsafe UnsafeRawPointer(context).assumingMemoryBound(to: Reading.self)
        let seconds = unsafe UInt64(truncatingIfNeeded: header.pointee.ts.tv_sec)
        // libpcap puts nanoseconds there when asked to.
        let nanoseconds = unsafe UInt64(truncatingIfNeeded: header.pointee.ts.tv_usec)
        let stamp = seconds &* 1_000_000_000 &+ nanoseconds
        let frame = unsafe Span(_unsafeStart: bytes, count: Int(header.pointee.caplen))
        unsafe reading.pointee.meter.pointee.passes(stamp, reading.pointee.engine.pointee)
        unsafe reading.pointee.engine.pointee.process(
            frame, originalLength: Int(header.pointee.len), at: stamp, link: reading.pointee.link,
            interface: reading.pointee.interface)
    }
}
