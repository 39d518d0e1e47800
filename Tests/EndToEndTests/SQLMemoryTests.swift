import TestKit
import Testing

/// What many sessions with many prepared statements take of memory, read from a file by the built program.
@Suite struct SQLMemoryTests {
    private static let connections = 10_000
    private static let names = 50
    private static let most = 64 * 1024

    private func message(_ letter: String, _ body: String = "") -> String {
        let length = body.utf8.count + 4
        precondition(length < 128, "bytes of a length are letters here")
        return letter + "\0\0\0" + String(UnicodeScalar(UInt8(length))) + body
    }

    /// Sessions that prepare all their statements at once, run the first and the last of them, and stay.
    private func recording() -> [UInt8] {
        let startup = "\0\u{3}\0\0user\0app\0database\0shop\0\0"
        let opening = "\0\0\0" + String(UnicodeScalar(UInt8(startup.utf8.count + 4))) + startup
        let welcome = message("R", "\0\0\0\0") + message("Z", "I")
        let sync = message("S")
        let parses = (0..<Self.names).map { number in
            message("P", "statement_\(number)\0TABLE accounts\0\0\0")
        }
        let prepare = parses.joined() + sync
        let prepared = String(repeating: message("1"), count: Self.names) + message("Z", "I")
        let runs = [0, Self.names - 1].map {
            message("B", "\0statement_\($0)\0\0\0\0\0\0\0") + message("E", "\0\0\0\0\0")
        }
        let answer = message("2") + message("C", "SELECT 1\0")
        var file = CaptureFile(serverPort: 5432)
        var stamp: UInt64 = 1_700_000_000_000_000_000
        for number in 0..<Self.connections {
            let port = UInt16(20_000 + number)
            file.connect(port, at: stamp)
            for (question, answer) in [
                (opening, welcome), (prepare, prepared), (runs.joined() + sync, answer + answer + message("Z", "I")),
            ] {
                stamp += 10_000
                file.request(port, question, at: stamp)
                stamp += 10_000
                file.reply(port, answer, at: stamp)
            }
        }
        return file.bytes(.pcapNanoseconds)
    }

    @Test func tenThousandSessionsWithFiftyNamesEachStayBelow64MiB() throws {
        let replay = try MeasuredReplay(recording(), ["--wire.postgres-ports=5432"])
        let lines = replay.lines
        // All were read, and the oldest and the newest name of each are remembered.
        let runs = 2 * Self.connections
        #expect(lines.contains(#"database_prepared_executions_total{statement="known"} \#(runs)"#))
        #expect(
            lines.contains(#"database_table_query_duration_seconds_count{table="accounts",type="select"} \#(runs)"#))
        print("10,000 sessions with 50 prepared statements each: at most \(replay.most) KiB")
        #expect(replay.most < Self.most)
    }
}
