// libpcap: the packets of one capture file.

import CLibPcap
import Glibc
public import Traffic

/// An open capture file: pcap or pcapng.
@safe
public struct PacketFile: ~Copyable {
    private let handle: OpaquePointer
    private let path: String
    /// The link layer of its packets.
    public let link: LinkType

    deinit {
        unsafe pcap_close(handle)
    }

    /// Why libpcap cannot be used. It is loaded with the first file: live captures do without it and what it brings.
    private static let loadFailure = unsafe sidelong_load_libpcap().map { unsafe String(cString: $0) }

    /// Opens a file. Stamps come in nanoseconds, whatever the file has.
    public init(_ path: String) throws(CaptureError) {
        if let reason = Self.loadFailure { throw .file(path, reason: reason) }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        guard let handle = unsafe pcap_open_offline_with_tstamp_precision(path, precision, &message) else {
            let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            // Errors of the system come with the path, others without.
            throw .file(path, reason: text.hasPrefix("\(path): ") ? String(text.dropFirst(path.count + 2)) : text)
        }
        let number = unsafe pcap_datalink(handle)
        guard let link = LinkType(number: Int(number)) else {
            let described = unsafe pcap_datalink_val_to_name(number).map { unsafe String(cString: $0) }
            unsafe pcap_close(handle)
            throw .linkLayer(path, name: described ?? "\(number)")
        }
        unsafe self.handle = handle
        self.path = path
        self.link = link
    }

    /// How far reading has come, in bytes.
    public var position: Int {
        guard let file = unsafe pcap_file(handle) else { return 0 }
        return unsafe max(0, ftell(file))
    }

    /// Shows packets, up to a number, each with its length on the wire and its stamp in nanoseconds since 1970.
    ///
    /// - Returns: how many; 0 at the end of the file.
    public mutating func read(
        atMost count: Int, _ take: (_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64) -> Void
    ) throws(CaptureError) -> Int {
        for done in 0..<count {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var bytes: UnsafePointer<UInt8>?
            let status = unsafe pcap_next_ex(handle, &header, &bytes)
            if status == PCAP_ERROR_BREAK { return done }
            guard status == 1, let header = unsafe header, let bytes = unsafe bytes else {
                throw .file(path, reason: unsafe String(cString: pcap_geterr(handle)))
            }
            let seconds = unsafe UInt64(truncatingIfNeeded: header.pointee.ts.tv_sec)
            // libpcap puts nanoseconds there when asked to.
            let nanoseconds = unsafe UInt64(truncatingIfNeeded: header.pointee.ts.tv_usec)
            let frame = unsafe Span(_unsafeStart: bytes, count: Int(header.pointee.caplen))
            take(frame, unsafe Int(header.pointee.len), seconds &* 1_000_000_000 &+ nanoseconds)
        }
        return count
    }
}
