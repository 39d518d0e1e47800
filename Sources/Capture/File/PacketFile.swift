// The packets of one capture file, of either format.

public import Traffic

/// An open capture file: pcap or pcapng, of either order of bytes.
public struct PacketFile: ~Copyable {
    private enum Format {
        case pcap(PcapReader)
        case pcapng(PcapngReader)

        init(_ window: inout FileWindow) throws(PacketFileFault) {
            if let pcap = try PcapReader(&window) {
                self = .pcap(pcap)
            } else if let pcapng = try PcapngReader(&window) {
                self = .pcapng(pcapng)
            } else {
                throw .unreadable("neither a pcap nor a pcapng file")
            }
        }
    }

    private let path: String
    private var window: FileWindow
    private var format: Format

    /// Opens a file.
    public init(_ path: String) throws(CaptureError) {
        do throws(PacketFileFault) {
            var window = try FileWindow(path)
            let format = try Format(&window)
            self.init(path, window, format)
        } catch {
            throw CaptureError(error, of: path)
        }
    }

    private init(_ path: String, _ window: consuming FileWindow, _ format: Format) {
        self.path = path
        self.window = window
        self.format = format
    }

    /// How far reading has come, in bytes.
    public var position: Int { window.position }

    /// A packet with its length on the wire, its stamp in nanoseconds since 1970 and its link layer.
    public typealias Take = (_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ link: LinkType) -> Void

    /// Shows packets, up to a number.
    ///
    /// - Returns: how many; 0 at the end of the file.
    public mutating func read(atMost count: Int, _ take: Take) throws(CaptureError) -> Int {
        do throws(PacketFileFault) {
            switch format {
            case .pcap(let reader):
                return try read(atMost: count, take) { window throws(PacketFileFault) in try reader.next(&window) }
            case .pcapng(var reader):
                defer { format = .pcapng(reader) }
                return try read(atMost: count, take) { window throws(PacketFileFault) in try reader.next(&window) }
            }
        } catch {
            throw CaptureError(error, of: path)
        }
    }

    @inline(__always)
    private mutating func read(
        atMost count: Int, _ take: Take, _ next: (inout FileWindow) throws(PacketFileFault) -> StoredPacket?
    ) throws(PacketFileFault) -> Int {
        for done in 0..<count {
            guard let packet = try next(&window) else { return done }
            window.show(at: packet.offset, packet.count) { take($0, packet.length, packet.stamp, packet.link) }
            try window.pass(packet.size)
        }
        return count
    }
}

extension CaptureError {
    fileprivate init(_ fault: PacketFileFault, of path: String) {
        self =
            switch fault {
            case .unreadable(let reason): .file(path, reason: reason)
            case .linkLayer(let number): .linkLayer(path, name: "\(number) (pcap-linktype(7))")
            }
    }
}
