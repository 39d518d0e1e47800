// libpq sends each statement by itself, and the server answers each as soon as it can: a dozen packets each way, every
// one of which wakes somebody. So packets are held back until all statements are written, and answers are not looked at
// before nearly as much has come as the same statements brought the last time.

import Glibc

/// What the rounds of one connection have brought, and how long they took.
struct RoundTrips {
    private struct Round {
        let statements: [Statement]
        let bytes: Int
        let duration: Duration
    }

    /// The newest first, each of other statements than the rest.
    private var rounds: [Round] = []

    /// Rounds that are remembered. There are few sets of statements: slow parts are asked now and then.
    private static let most = 8
    /// No more is waited for: the kernel holds as much for any socket.
    private static let mostBytes = 32 << 10

    /// What will come for these statements, unless the answers are shorter than the last time by more than a sixteenth.
    /// It is worth waiting for a little longer than that took. Nil where nothing is known of them.
    func expectation(of statements: [Statement]) -> (bytes: Int, patience: Duration)? {
        guard let last = rounds.first(where: { $0.statements == statements }) else { return nil }
        return (min(last.bytes - last.bytes / 16, Self.mostBytes), last.duration * 5 / 4)
    }

    mutating func note(_ bytes: Int, in duration: Duration, for statements: [Statement]) {
        rounds.removeAll { $0.statements == statements }
        rounds.insert(Round(statements: statements, bytes: bytes, duration: duration), at: 0)
        if rounds.count > Self.most { rounds.removeLast() }
    }
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
