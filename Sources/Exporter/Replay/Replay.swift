// `sidelong replay FILE`: the traffic of a capture file, measured by the engine that measures live traffic.

import Capture
import Glibc
import Metrics
import Traffic

/// One capture file and how it is to be shown.
struct Replay: Sendable {
    enum Format: String, Sendable, CaseIterable {
        /// The wire families, as /metrics shows them.
        case prometheus
        /// For people.
        case table
    }

    private let path: String
    private let settings: TrafficSettings
    private let format: Format

    /// Packets between two looks at the clock.
    private static let batch = 10_000

    /// Gives up all capabilities: the file may come from anywhere.
    ///
    /// - Throws: when the file cannot be read or is no capture.
    init(_ path: String, _ settings: WireSettings, _ format: Format) throws(ConfigurationError) {
        self.path = path
        self.format = format
        var traffic = settings.traffic
        traffic.keepsPercentiles = format == .table
        self.settings = traffic
        Capabilities.dropAll()
    }

    /// Reads the file and returns what is to be printed.
    func text() throws(ConfigurationError) -> String {
        do throws(CaptureError) {
            let snapshot = try measure()
            switch format {
            case .prometheus: return Self.page(snapshot.samples())
            case .table: return ReplayTable(snapshot, settings.buckets).text
            }
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    private func measure() throws(CaptureError) -> TrafficSnapshot {
        var engine = TrafficEngine(settings)
        var file = try PacketFile(path)
        let link = file.link
        var progress = ReplayProgress(path)
        let interface = engine.addInterface("file")
        func take(_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64) {
            engine.process(frame, originalLength: length, at: stamp, link: link, interface: interface)
        }
        while try file.read(atMost: Self.batch, take) > 0 { progress.show(file.position) }
        progress.clear()
        return engine.snapshot()
    }

    private static func page(_ samples: Samples) -> String {
        var buffer = PageBuffer()
        for family in Exposition([.init(samples)]).families { buffer.append(family, in: .text) }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
