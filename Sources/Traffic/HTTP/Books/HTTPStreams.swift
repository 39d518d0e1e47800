// Streams, tunnels and upgraded connections live for hours: they are counted, and would poison every latency.

/// What goes on for as long as somebody listens.
enum HTTPStreamKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case webSocket, events, tunnel, other

    /// The value of `kind`.
    var label: String {
        switch self {
        case .webSocket: "websocket"
        case .events: "sse"
        case .tunnel: "tunnel"
        case .other: "other"
        }
    }
}

/// How many there were of each kind, and how many there are.
struct HTTPStreams: Sendable {
    private(set) var total = [UInt64](repeating: 0, count: HTTPStreamKind.allCases.count)
    private(set) var opened = [Int](repeating: 0, count: HTTPStreamKind.allCases.count)

    mutating func open(_ kind: HTTPStreamKind) {
        total[Int(kind.rawValue)] += 1
        opened[Int(kind.rawValue)] += 1
    }

    mutating func close(_ kind: HTTPStreamKind) {
        opened[Int(kind.rawValue)] -= 1
    }
}
