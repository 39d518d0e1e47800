// Where a packet stands in a capture file.

import Traffic

/// A packet that can be seen in the window, with all that the file says of it.
struct StoredPacket {
    /// The longest one, in bytes: what tcpdump and Wireshark write at the most.
    static let largest = 256 << 10

    /// Where its first byte is, behind the window's start.
    let offset: Int
    /// Bytes that were captured.
    let count: Int
    /// Bytes that it had on the wire.
    let length: Int
    /// Nanoseconds since 1970.
    let stamp: UInt64
    let link: LinkType
    /// Bytes from the window's start to what follows.
    let size: Int
}
