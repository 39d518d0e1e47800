// libpq sends each statement by itself, and the server answers each as soon as it can: a dozen packets each way, every
// one of which wakes somebody. So packets are held back until all statements are written, and answers are not looked at
// before nearly as much has come as the same statements brought the last time.

import Glibc

/// How much the rounds of one connection have brought.
struct RoundTrips {
    /// The newest rounds first, each of other statements than the rest.
    private var sizes: [(statements: [Statement], bytes: Int)] = []

    /// Rounds that are remembered. There are few sets of statements: slow parts are asked now and then.
    private static let most = 8

    /// Bytes that will surely come unless the answers have become shorter by more than a sixteenth; 0 where nothing is
    /// known of these statements.
    func leastBytes(for statements: [Statement]) -> Int {
        let bytes = sizes.first { $0.statements == statements }?.bytes ?? 0
        return bytes - bytes / 16
    }

    mutating func note(_ bytes: Int, for statements: [Statement]) {
        sizes.removeAll { $0.statements == statements }
        sizes.insert((statements, bytes), at: 0)
        if sizes.count > Self.most { sizes.removeLast() }
    }

    /// How long so many bytes are waited for before the first look.
    static let patience = Duration.milliseconds(50)
}

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
