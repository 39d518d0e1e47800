// What is wrong with a capture file.

import Glibc

/// Why a capture file cannot be read, or not to its end.
enum PacketFileFault: Error {
    /// A reason of one line, without the path.
    case unreadable(String)
    /// No packet has a link layer that is known; its LINKTYPE_ number.
    case linkLayer(Int)

    /// The system's own error.
    static func system(_ code: Int32) -> PacketFileFault { .unreadable(unsafe String(cString: strerror(code))) }

    /// The file ends where it should go on.
    static let cut = PacketFileFault.unreadable("ends in the middle of a packet or of a block")
}
