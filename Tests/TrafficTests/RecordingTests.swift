// Traffic between real servers and a client that kept count (Tests/Fixtures/traffic/record). What the client knows is
// the truth: every figure has to equal it, and what a capture cannot show has to be among the unmeasured commands.

import Foundation
import TestKit
import Testing

@testable import Traffic

/// A capture with its client's own counts.
struct Recording: Sendable, CustomTestStringConvertible {
    /// What the client counted; names as in ``Figures``.
    struct Truth: Decodable {
        let port: UInt16
        let packets: Int
        /// Reasons for which any command may have gone unmeasured instead.
        let mayMiss: [String]
        let queued: Int
        let commands, pairs, blocking, users, hits, misses, errors, unmeasured: [String: Int]
        /// Commands that ran within transactions, by `group command`.
        let ran: [String: Int]
        /// How long the client waited in all, by command.
        let seconds: [String: Double]
    }

    let file: URL

    var testDescription: String {
        file.deletingLastPathComponent().lastPathComponent + "/" + file.lastPathComponent
    }

    static let folder = Project.root.appending(path: "Tests/Fixtures/traffic")

    /// Captures made by hand, of what was counted wrongly once.
    static let cases = folder.appending(path: "cases")

    /// What the engine makes of one of ``cases``.
    static func `case`(_ name: String, _ change: (inout TrafficSettings) -> Void = { _ in }) throws -> Figures {
        var bench = Bench(change)
        for packet in try CaptureReader(cases.appending(path: "\(name).pcap")).packets {
            bench.engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: 0)
        }
        return bench.figures
    }

    static let all: [Recording] = {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        return files.compactMap { $0 as? URL }
            .filter { ["pcap", "pcapng"].contains($0.pathExtension) && !$0.path.hasPrefix(cases.path) }
            .sorted { $0.path < $1.path }.map(Recording.init)
    }()

    func truth() throws -> Truth {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { keys in
            keys.last.map { $0.stringValue == "may_miss" ? Name("mayMiss") : $0 } ?? Name("")
        }
        return try decoder.decode(
            Truth.self, from: Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json")))
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// What the engine makes of it.
    func figures(_ change: (inout TrafficSettings) -> Void = { _ in }) throws -> Figures {
        var settings = TrafficSettings()
        settings.ports = PortTable([try truth().port], of: .redis)
        change(&settings)
        var engine = TrafficEngine(settings)
        let interface = engine.addInterface("lo")
        for packet in try CaptureReader(file).packets {
            engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: interface)
        }
        engine.finish()
        return Figures(engine.snapshot())
    }
}

@Suite struct RecordingTests {
    @Test func thereAreRecordingsOfBothServers() {
        #expect(Recording.all.count { $0.file.path.contains("/redis-7.0/") } >= 20)
        #expect(Recording.all.count { $0.file.path.contains("/valkey-8.0/") } >= 20)
    }

    @Test(arguments: Recording.all)
    func figuresAreTheClients(recording: Recording) throws {
        let truth = try recording.truth()
        let figures = try recording.figures()
        #expect(figures.isBalanced)
        #expect(figures.ignored == [:])
        if truth.mayMiss.isEmpty {
            #expect(figures.commands == truth.commands)
            #expect(figures.hasPairs(truth.pairs, refused: truth.errors.values.reduce(0, +)))
            #expect(figures.users.filter { $0.value > 0 } == truth.users)
            #expect(figures.hits.filter { $0.value > 0 } == truth.hits)
            #expect(figures.misses.filter { $0.value > 0 } == truth.misses)
            #expect(figures.errors == truth.errors)
            #expect(figures.unmeasured == truth.unmeasured)
        } else {
            for (name, count) in figures.commands { #expect(count <= truth.commands[name] ?? 0) }
            for (pair, count) in figures.pairs { #expect(count <= truth.pairs[pair] ?? 0) }
            #expect(Set(figures.unmeasured.keys).isSubset(of: truth.unmeasured.keys + truth.mayMiss))
        }
        #expect(figures.blocking == truth.blocking)
        #expect(figures.queued == truth.ran)
        #expect(figures.snapshot.counts.queued == truth.queued)
        let sent = [truth.commands, truth.blocking, truth.unmeasured].flatMap(\.values).reduce(truth.queued, +)
        #expect(Int(figures.snapshot.seenCommands) == sent)
    }

    /// The client reads a reply after it was captured, and had sent the request before.
    @Test(arguments: Recording.all)
    func latenciesAreBelowTheClients(recording: Recording) throws {
        let truth = try recording.truth()
        let figures = try recording.figures()
        for (command, seconds) in truth.seconds where figures.commands[command] == truth.commands[command] {
            let wire = try #require(figures.microseconds(command))
            #expect(wire <= seconds * 1e6 + 1, "\(command)")
        }
    }

    @Test(arguments: ["redis-7.0", "valkey-8.0"])
    func groupsOfDifferentLatencyAreToldApart(server: String) throws {
        let recording = Recording(file: Recording.folder.appending(path: "\(server)/slow-group.pcap"))
        let groups = try recording.figures { $0.keepsPercentiles = true }.snapshot.groupSummaries()
        let slow = try #require(groups.first { $0.name == "slow:*" }?.latency)
        let fast = try #require(groups.first { $0.name == "fast:*" }?.latency)
        #expect(try #require(slow.p50) > 5 * #require(fast.p50))
    }
}

extension Figures {
    /// Whether these are the pairs of group and command, but for so many commands at the most that were refused before
    /// their group had been answered once: those are `other`.
    func hasPairs(_ truth: [String: Int], refused: Int) -> Bool {
        var missing: [String: Int] = [:]
        for (pair, count) in truth {
            guard pairs[pair] ?? 0 <= count else { return false }
            let command = pair.split(separator: " ")[1]
            missing["other \(command)", default: 0] += count - (pairs[pair] ?? 0)
        }
        let other = pairs.filter { $0.key.hasPrefix("other ") }
        return other == missing.filter { $0.value > 0 } && other.values.reduce(0, +) <= refused
            && pairs.keys.allSatisfy { truth[$0] != nil || other[$0] != nil }
    }
}
