// Sessions between real drivers and real servers (Tests/Fixtures/sql/record). What the client and pg_stat_statements
// have counted is the truth.

import Foundation
import TestKit
import Testing

@testable import Traffic

/// A recording and what was counted meanwhile.
struct SQLRecording: Sendable, CustomTestStringConvertible {
    struct Truth: Decodable {
        struct Client: Decodable {
            /// Statements that it knows to have run, by type. Drivers send others of their own.
            let executed: [String: Int]
            /// By `type SQLSTATE`.
            let errors: [String: Int]
            /// Errors of texts that were sent alone and refused, by type.
            let refused: [String: Int]?
            let committed: Int
            let rolledBack: Int
            /// Statements of a pipeline behind one that failed.
            let skipped: Int
            /// How long each statement on the table `timed` has taken, in seconds.
            let times: [Double]
        }

        /// PgBouncer's, where there is one, then the server's.
        let ports: [UInt16]
        let client: Client
        /// Calls by type in pg_stat_statements.
        let server: [String: Int]
    }

    let name: String
    var testDescription: String { name }

    private static let folder = Project.root.appending(path: "Tests/Fixtures/sql/recordings")

    static let all: [SQLRecording] = {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "pcap" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
            .map(SQLRecording.init)
    }()

    func truth() throws -> Truth {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Truth.self, from: try Data(contentsOf: Self.folder.appending(path: "\(name).json")))
    }

    /// The figures of one of its ports.
    ///
    /// - Parameters:
    ///   - snapLength: bytes that are kept of each packet.
    ///   - chosen: which packets are seen, by their number.
    func figures(
        ofPort port: UInt16, snapLength: Int = .max, seen chosen: (Int) -> Bool = { _ in true }
    ) throws -> SQLFigures {
        var settings = TrafficSettings()
        settings.ports = PortTable([port], of: .postgres)
        var engine = TrafficEngine(settings)
        let interface = engine.addInterface("lo")
        let packets = try CaptureReader(Self.folder.appending(path: "\(name).pcap")).packets
        for (number, packet) in packets.enumerated() where chosen(number) {
            let frame = Array(packet.frame.prefix(snapLength))
            engine.process(
                frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: interface)
        }
        engine.finish()
        return SQLFigures(engine.snapshot())
    }
}
