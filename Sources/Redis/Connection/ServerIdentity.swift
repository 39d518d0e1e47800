// What a server says of itself when a connection begins: it decides which commands are worth asking.

/// Who answers at the other end of a connection, from `INFO server`.
struct ServerIdentity: Sendable, Equatable {
    enum Mode: Sendable, Equatable {
        case standalone, cluster, sentinel
        /// The server does not say, or INFO is refused.
        case unknown
    }

    var mode: Mode = .unknown
    /// `run_id`: another one means that the server was restarted.
    var runID = ""
    /// The protocol's version, `redis_version`; Valkey says 7.2.4 there for the sake of old clients.
    var version: [Int] = []

    init() {}

    /// Reads the fields of a reply to `INFO server`.
    init(info: [UInt8]) {
        var lines = InfoLines(info)
        while let line = lines.next() {
            guard case .field(let name, let value) = line else { continue }
            let text = String(decoding: info[value], as: UTF8.self)
            switch String(decoding: info[name], as: UTF8.self) {
            case "redis_mode", "server_mode": mode = Self.mode(text)
            case "run_id": runID = text
            case "redis_version": version = text.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
            default: break
            }
        }
    }

    private static func mode(_ text: String) -> Mode {
        switch text {
        case "standalone": .standalone
        case "cluster": .cluster
        case "sentinel": .sentinel
        default: .unknown
        }
    }

    /// Whether the server is known to have what came with Redis 7: LATENCY HISTOGRAM, percentiles of latency, and
    /// several arguments to INFO and CONFIG GET.
    var isSevenOrLater: Bool { version.first.map { $0 >= 7 } ?? false }

    /// Whether the server is known to be too old for that.
    var isBeforeSeven: Bool { version.first.map { $0 < 7 } ?? false }
}
