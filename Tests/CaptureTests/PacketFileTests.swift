import Foundation
import TestKit
import Testing
import Traffic

@testable import Capture

/// Capture files in every format, through the engine.
@Suite struct PacketFileTests {
    /// A stamp that no format but the finest can hold.
    private static let start: UInt64 = 1_700_000_000_123_456_789

    private func measure(_ bytes: [UInt8]) throws -> TrafficSnapshot {
        let folder = try TemporaryFolder()
        var file = try PacketFile(try folder.write(bytes, to: "capture"))
        var engine = TrafficEngine(TrafficSettings())
        let interface = engine.addInterface("file")
        func take(_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ link: LinkType) {
            engine.process(frame, originalLength: length, at: stamp, link: link, interface: interface)
        }
        while try file.read(atMost: 3, take) > 0 {}
        return engine.snapshot()
    }

    private func commands(_ count: Int, taking nanoseconds: UInt64) -> CaptureFile {
        var file = CaptureFile()
        file.connect(50_000, at: Self.start - 1_000_000)
        for index in 0..<count {
            let stamp = Self.start + UInt64(index) * 10_000_000
            file.exchange(50_000, ["GET", "user:\(index):name"], "$-1\r\n", at: stamp, taking: nanoseconds)
        }
        return file
    }

    @Test(arguments: CaptureFile.Format.allCases)
    func everyFormatGivesTheSameLatencies(format: CaptureFile.Format) throws {
        let snapshot = try measure(commands(20, taking: 1_234_567).bytes(format)).redis[0]
        #expect(snapshot.pairedCommands == 20)
        let group = try #require(snapshot.groupSummaries().first)
        #expect(group.name == "user:*:name")
        #expect(group.misses == 20)
        let expected = (Self.start + 1_234_567) / format.precision - Self.start / format.precision
        #expect(abs(group.latency.maximum - Double(expected * format.precision) * 1e-9) < 1e-12)
    }

    /// Several times what is in memory at once, so that packets stand across its end.
    @Test(arguments: [CaptureFile.Format.pcapNanoseconds, .pcapngBigEndian])
    func aLongFileIsReadToItsEnd(format: CaptureFile.Format) throws {
        let bytes = commands(8000, taking: 1_000_000).bytes(format)
        #expect(bytes.count > 2 * FileWindow.size)
        #expect(try measure(bytes).redis[0].pairedCommands == 8000)
    }

    /// The witness is tcpdump, which prints a line for each packet.
    @Test func recordingsAreReadAsTcpdumpReadsThem() throws {
        let fixtures = Project.root.appending(path: "Tests/Fixtures").path
        let files = try #require(FileManager.default.enumerator(atPath: fixtures))
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }
        #expect(files.count > 10)
        for name in files {
            let path = "\(fixtures)/\(name)"
            var file = try PacketFile(path)
            var lines: [String] = []
            func take(_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ link: LinkType) {
                let rest = "\(1_000_000_000 + stamp % 1_000_000_000)".dropFirst()
                lines.append("\(stamp / 1_000_000_000).\(rest)")
            }
            while try file.read(atMost: 1000, take) > 0 {}
            let tcpdump = try ServerProcess.run(
                "tcpdump", ["-r", path, "-nn", "-tt", "-q", "--nano", "--immediate-mode"])
            let printed = tcpdump.output.split(separator: "\n").filter { $0.first?.isNumber == true }
            #expect(lines == printed.map { String($0.prefix { $0 != " " }) }, "\(name)")
        }
    }

    @Test func aFileThatEndsInTheMiddleIsAnErrorWithItsPath() throws {
        let bytes = commands(5, taking: 1000).bytes(.pcapNanoseconds)
        for cut in [0, 3, 23, 30, 60, bytes.count - 1] {
            let error = #expect(throws: CaptureError.self) { try measure(Array(bytes.prefix(cut))) }
            guard case .file(let path, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(path.hasSuffix("/capture"))
            #expect(!reason.isEmpty && !reason.contains("\n"), "\(reason)")
        }
    }

    @Test func aFileThatIsNoneIsAnError() throws {
        #expect(throws: CaptureError.self) { try measure(Array("PRETTY_NAME=\"Debian\"\n".utf8)) }
        #expect(throws: CaptureError.file("/no/such/file", reason: "No such file or directory")) {
            _ = try PacketFile("/no/such/file")
        }
    }

    @Test func aLinkLayerThatNobodyKnowsIsNamed() throws {
        var bytes = commands(1, taking: 1000).bytes(.pcapMicroseconds)
        let infiniband: UInt8 = 247
        bytes[20] = infiniband
        let error = #expect(throws: CaptureError.self) { try measure(bytes) }
        guard case .linkLayer(_, let name)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == "247 (pcap-linktype(7))")
    }

    @Test func theMeterCountsWhatCameBeforeItsMoment() throws {
        var engine = TrafficEngine(TrafficSettings())
        var meter = Meter()
        let moment = Self.start + 75_000_000
        meter.ask(at: moment)
        for packet in commands(20, taking: 1_000_000).packets {
            meter.passes(packet.stamp, engine)
            engine.process(
                packet.frame.span, originalLength: packet.frame.count, at: packet.stamp, link: .ethernet, interface: 0)
        }
        #expect(meter.readings[0]?.moment == moment)
        #expect(meter.readings[0]?.totals.measured == 8)
        meter.ask(at: Self.start + 10_000_000_000)
        meter.passes(Self.start + 9_999_999_999, engine)
        #expect(meter.readings[0]?.totals.measured == 8)
        meter.passes(Self.start + 10_000_000_000, engine)
        #expect(meter.readings[0]?.totals.measured == 20)
    }

    @Test func theMeterHasAMomentForEachTarget() {
        var settings = TrafficSettings()
        settings.redis.targets = [TrafficTarget(name: "a", port: 6379), TrafficTarget(name: "b", port: 6380)]
        let engine = TrafficEngine(settings)
        var meter = Meter()
        meter.ask(at: 20, of: 0)
        meter.ask(at: 10, of: 1)
        meter.passes(9, engine)
        #expect(meter.readings.isEmpty)
        meter.passes(10, engine)
        #expect(meter.readings.mapValues(\.moment) == [1: 10])
        meter.passes(19, engine)
        #expect(meter.readings.count == 1)
        meter.passes(25, engine)
        #expect(meter.readings.mapValues(\.moment) == [0: 20, 1: 10])
    }
}
