// libpq sends each statement by itself, and reads whatever has come. What it does not do for us, the kernel does: it
// sends all statements together, and wakes nobody for a part of their answers.

import Glibc

/// What a socket is told about when to send, and when to wake the thread that waits for it. What it does not know, as a
/// unix socket does not know packets, it refuses, and works as it did.
enum SocketOption {
    /// Whether packets that are not full are held back, for a fifth of a second at the most.
    case holdsBack(Bool)
    /// Bytes below which poll(2) does not call it ready, but at the end of the stream.
    case leastBytes(Int)

    func set(on descriptor: Int32) {
        let (level, name, value): (Int32, Int32, Int32) =
            switch self {
            case .holdsBack(let isOn): (Int32(IPPROTO_TCP), TCP_CORK, isOn ? 1 : 0)
            case .leastBytes(let bytes): (SOL_SOCKET, SO_RCVLOWAT, Int32(clamping: bytes))
            }
        var argument = value
        _ = unsafe setsockopt(descriptor, level, name, &argument, socklen_t(MemoryLayout<Int32>.size))
    }
}
