// Where a packet stands in a capture file.

import Traffic

/// A packet that can be seen in the window, with all that the file says of it.
struct StoredPacket {
    /// The longest one, in bytes: what tcpdump and Wireshark write at the most.
    static let largest = 256 << 10

    /// Where its first byte is, behind the window's start.
    var offset: Int
    /// Bytes that were captured.
    var count: Int
    /// Bytes that it had on the wire.
    var length: Int
    /// Nanoseconds since 1970.
    var stamp: UInt64
    var link: LinkType
    /// Bytes from the window's start to what follows.
    var size: Int
}
