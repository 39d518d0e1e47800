// What a server says of itself: it decides which commands are worth asking. Forks name the same facts otherwise, and
// some leave out what others say, so that each fact is looked for under every name and sign that it has.

/// The server at the other end of a connection, from `INFO server`, or from more of INFO where that is at hand.
struct ServerIdentity: Sendable, Equatable {
    enum Mode: Sendable, Equatable {
        case standalone, cluster, sentinel
        /// The server does not say, or INFO is refused.
        case unknown
    }

    var mode: Mode = .unknown
    /// `run_id`: another one means that the server was restarted.
    var runID = ""
    /// The protocol's version, `redis_version`; Valkey and Redict say 7.2.4 there for the sake of old clients.
    var version: [Int] = []
    /// Valkey's own version; empty on other servers.
    var valkeyVersion: [Int] = []

    init() {}

    /// Reads the fields of a reply to `INFO server`, or to INFO as a whole.
    init(info: [UInt8]) {
        var texts: [String: String] = [:]
        var hasSentinelSection = false
        var lines = InfoLines(info)
        while let line = lines.next() {
            switch line {
            case .section(let title):
                hasSentinelSection = hasSentinelSection || info[title].elementsEqual(Self.sentinel)
            case .field(let name, let value):
                guard let name = Self.names[info, name].map({ Self.wanted[$0] }), texts[name] == nil else { continue }
                texts[name] = String(decoding: info[value], as: UTF8.self)
            case .malformed: continue
            }
        }
        runID = texts["run_id"] ?? ""
        version = Self.version(texts)
        valkeyVersion = texts["valkey_version"].map(Self.numbers) ?? []
        mode = Self.mode(
            words: Self.modeNames.compactMap { texts[$0] }, isClusterNode: texts["cluster_enabled"] == "1",
            isSentinel: hasSentinelSection || texts["sentinel_masters"] != nil)
    }

    /// The fields of the kind of server, in the order in which they are believed.
    static let modeNames = ["redis_mode", "server_mode", "redict_mode"]

    /// The kind of a server: what it does goes before what it calls itself.
    static func mode(words: [String], isClusterNode: Bool, isSentinel: Bool) -> Mode {
        if isSentinel || words.contains("sentinel") { return .sentinel }
        if isClusterNode || words.contains("cluster") { return .cluster }
        return words.contains("standalone") ? .standalone : .unknown
    }

    private static let sentinel = Array("Sentinel".utf8)
    private static let wanted =
        modeNames + [
            "run_id", "redis_version", "valkey_version", "redict_version", "cluster_enabled", "sentinel_masters",
        ]
    private static let names = NameIndex(wanted)

    /// A server that tells its own version only is a fork of Redis 7.2.
    private static func version(_ texts: [String: String]) -> [Int] {
        if let text = texts["redis_version"] { return numbers(text) }
        return texts["valkey_version"] ?? texts["redict_version"] == nil ? [] : [7, 2]
    }

    private static func numbers(_ text: String) -> [Int] {
        text.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
    }

    /// Whether the server is known to have COMMANDLOG: Valkey 8.1 and later.
    var hasCommandLog: Bool { !valkeyVersion.lexicographicallyPrecedes([8, 1]) }

    /// Whether the server is known to count per hash slot: nodes of clusters since Valkey 8 and Redis 8.2.
    var hasSlotStatistics: Bool {
        mode == .cluster
            && (!valkeyVersion.lexicographicallyPrecedes([8]) || !version.lexicographicallyPrecedes([8, 2]))
    }

    /// Whether the server is known to have what came with Redis 7: LATENCY HISTOGRAM, percentiles of latency, and
    /// several arguments to INFO and CONFIG GET.
    var isSevenOrLater: Bool { version.first.map { $0 >= 7 } ?? false }

    /// Whether the server is known to be too old for that.
    var isBeforeSeven: Bool { version.first.map { $0 < 7 } ?? false }

    /// Whether the server is known to lack what came with Redis 6, such as a type in SCAN.
    var isBeforeSix: Bool { version.first.map { $0 < 6 } ?? false }

    /// Whether the server is known to have CLIENT NO-TOUCH, which came with Redis 7.2.
    var hasNoTouch: Bool { !version.lexicographicallyPrecedes([7, 2]) }

    /// Whether the server says nothing of itself, as where INFO is refused.
    var isSilent: Bool { mode == .unknown && version.isEmpty }
}
