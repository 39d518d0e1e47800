// Traffic between real gateways and real clients (Tests/Fixtures/http/record). What the clients were answered is the
// truth.

import Foundation
import TestKit
import Testing

@testable import Traffic

@Suite struct HTTPRecordingTests {
    private struct Truth: Decodable {
        let port: UInt16
        /// Answers by `METHOD status`.
        let answers: [String: Int]
        /// What a client counted that left requests behind.
        let reported: Int?
    }

    private static let folder = Project.root.appending(path: "Tests/Fixtures/http/recordings")

    static let servers: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let names = files.filter { $0.pathExtension == "pcap" }.map { $0.deletingPathExtension().lastPathComponent }
        return names.filter { $0 != "wrk" }.sorted()
    }()

    @Test func everyServerIsRecorded() {
        #expect(Self.servers == ["go", "haproxy", "nginx", "node", "python", "uvicorn"])
    }

    /// The figures of a recording.
    ///
    /// - Parameter snapLength: bytes that are kept of each packet.
    private func figures(of server: String, snapLength: Int = .max) throws -> (HTTPFigures, Truth) {
        let truth = try JSONDecoder().decode(
            Truth.self, from: try Data(contentsOf: Self.folder.appending(path: "\(server).json")))
        var settings = TrafficSettings()
        settings.ports = PortTable([truth.port], of: .http)
        var engine = TrafficEngine(settings)
        let interface = engine.addInterface("lo")
        for packet in try CaptureReader(Self.folder.appending(path: "\(server).pcap")).packets {
            let frame = Array(packet.frame.prefix(snapLength))
            engine.process(
                frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: interface)
        }
        engine.finish()
        return (HTTPFigures(try #require(engine.snapshot().http)), truth)
    }

    private func byMethodAndStatus(_ figures: HTTPFigures) -> [String: Int] {
        figures.requests.reduce(into: [:]) { counts, entry in
            let words = entry.key.split(separator: " ")
            counts["\(words[0]) \(words[2])", default: 0] += entry.value
        }
    }

    @Test(arguments: servers)
    func countsAreThoseOfTheClients(server: String) throws {
        let (figures, truth) = try figures(of: server)
        #expect(byMethodAndStatus(figures) == truth.answers)
        #expect(figures.unmeasured.isEmpty && figures.resyncs.isEmpty && figures.snapshot.inFlight == 0)
        #expect(figures.streams == ["sse": 1])
        #expect(figures.timed.values.reduce(0, +) == figures.total - 1)
        #expect(!figures.page.contains("t0p"))
    }

    /// wrk hangs up on the requests that are under way when its time is over, and does not count the answers that come
    /// just then: one for each of its four connections.
    @Test func wrkIsCountedAsItCountsAndAsTheServerDoes() throws {
        let (figures, truth) = try figures(of: "wrk")
        let counts = byMethodAndStatus(figures)
        let left = counts["GET 499"] ?? 0
        #expect(counts.filter { $0.key != "GET 499" } == ["GET 200": truth.answers["GET 200", default: 0] - left])
        let reported = try #require(truth.reported)
        #expect(reported...reported + 4 ~= counts["GET 200", default: 0])
        #expect(figures.timed == ["GET /api/wait/*": figures.total - left] && figures.snapshot.inFlight == 0)
    }

    @Test(arguments: servers, [400, 2_048, 8_500])
    func cutPacketsCountAllTheSame(server: String, snapLength: Int) throws {
        let (figures, truth) = try figures(of: server, snapLength: snapLength)
        #expect(byMethodAndStatus(figures) == truth.answers)
        #expect(figures.snapshot.inFlight == 0)
    }
}
