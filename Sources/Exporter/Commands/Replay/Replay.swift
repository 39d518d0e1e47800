// `sidelong replay FILE`: the traffic of a capture file, measured by the engine that measures live traffic.

import Capture
import Glibc
import Metrics
import Traffic

/// One capture file and how it is to be shown.
struct Replay: Sendable {
    private let path: String
    private let settings: TrafficSettings
    private let format: ReplayFormat
    private let keys: [TrafficAPIKey]

    /// Packets between two looks at the clock.
    private static let batch = 10_000

    /// Gives up all capabilities: the file may come from anywhere.
    ///
    /// - Throws: when the file cannot be read or is no capture.
    init(_ path: String, _ settings: WireSettings, _ format: ReplayFormat) throws(ConfigurationError) {
        self.path = path
        self.format = format
        var traffic = settings.traffic
        traffic.ports = try settings.portTable()
        keys = try settings.http.keys()
        traffic.keepsPercentiles = format == .table
        self.settings = traffic
        Capabilities.dropAll()
    }

    /// What is to be printed.
    struct Outcome {
        let text: String
        /// Why there is nothing in it, for standard error; nil when there is something.
        let warning: String?
    }

    /// Reads the file.
    func outcome() throws(ConfigurationError) -> Outcome {
        do throws(CaptureError) {
            let (snapshot, warning) = try measure()
            switch format {
            case .prometheus: return Outcome(text: Self.page(snapshot), warning: warning)
            case .table:
                return Outcome(text: tables(snapshot), warning: warning)
            }
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    /// A table for each protocol and target.
    private func tables(_ snapshot: TrafficSnapshot) -> String {
        let redis = snapshot.redis.map { redis in
            let text = RedisReplayTable(redis, snapshot.samples(of: redis.target), settings.buckets).text
            return redis.target.map { "Target \($0)\n\(text)" } ?? text
        }
        let postgres = snapshot.postgres.map { PostgresReplayTable($0).text }
        let http = snapshot.http.map { ["Gateway\n\(HTTPReplayTable($0, settings.http.buckets).text)"] } ?? []
        return (redis + postgres + http).joined(separator: "\n")
    }

    private func measure() throws(CaptureError) -> (TrafficSnapshot, warning: String?) {
        var engine = TrafficEngine(settings)
        engine.learn(keys)
        var file = try PacketFile(path)
        var progress = ReplayProgress(path)
        let interface = engine.addInterface("file")
        var others = RESPPorts()
        var isMissing = true
        var count: Int
        repeat {
            // Not a function of its own: then it is looked up for each packet whether anybody else has the engine. That
            // takes an eighth of the time.
            count = try file.read(atMost: Self.batch) { frame, length, stamp, link in
                engine.process(frame, originalLength: length, at: stamp, link: link, interface: interface)
                if isMissing { others.look(at: frame, originalLength: length, link: link) }
            }
            isMissing = engine.totals.packets == 0
            progress.show(file.position)
        } while count > 0
        progress.clear()
        engine.finish()
        return (engine.snapshot(), isMissing ? missing(others.servers) : nil)
    }

    /// What is said of a file without a packet on the ports that were asked for.
    private func missing(_ others: [UInt16]) -> String {
        let ports = settings.ports.all.map { "\($0)" }.joined(separator: ", ")
        let found = others.prefix(8).map { "\($0)" }.joined(separator: ",")
        let hint =
            found.isEmpty
            ? "and no RESP that can be read on another"
            : "RESP passes \(found): --wire.redis-ports=\(found)"
        return "\(path): no packet on port \(ports), \(hint)"
    }

    private static func page(_ snapshot: TrafficSnapshot) -> String {
        let contributions = snapshot.targets.map { Exposition.Contribution(snapshot.samples(of: $0), target: $0) }
        return String(decoding: Exposition(contributions).page(in: .text), as: UTF8.self)
    }
}
