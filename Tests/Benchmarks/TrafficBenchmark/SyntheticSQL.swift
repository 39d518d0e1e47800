// Sessions of Postgres in memory, as pgbench -S has them: simple queries, or executions of a prepared statement.

extension SyntheticTraffic {
    private static let port: UInt16 = 5432
    private static let accounts = "SELECT abalance FROM pgbench_accounts WHERE aid = "

    private static func message(_ letter: Character, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 4)
        let header = (0..<4).reversed().map { UInt8(truncatingIfNeeded: length >> (UInt32($0) * 8)) }
        return Array(String(letter).utf8) + header + body
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    private static let login: (question: [UInt8], answer: [UInt8]) = {
        let body = [0, 3, 0, 0] + text("user") + text("bench") + text("database") + text("bench") + [0]
        let startup = [0, 0, 0, UInt8(body.count + 4)] + body
        return (startup, message("R", [0, 0, 0, 0]) + message("Z", Array("I".utf8)))
    }()

    /// The row of an account, and what ends the statement.
    private static let answer: [UInt8] =
        message("D", [0, 1, 0, 0, 0, 1, 0x30]) + message("C", text("SELECT 1")) + message("Z", Array("I".utf8))

    /// Queries of 50 bytes or so, one at a time.
    static func simpleQueries(_ number: Int, connections: Int) -> SyntheticTraffic {
        let columns = message("T", [0, 1] + text("abalance") + [UInt8](repeating: 0, count: 18))
        return SyntheticTraffic(exchanges: number, connections: connections, port: port, opening: [login]) {
            (message("Q", text("\(accounts)\($0 % 100_000);")), columns + answer)
        }
    }

    /// Bind, Describe, Execute and Sync of prepared statements, one at a time.
    ///
    /// - Parameter names: how many statements each connection has prepared; it executes them in turn.
    static func executions(_ number: Int, connections: Int, names: Int) -> SyntheticTraffic {
        let prepared = (0..<names).map { name in
            let parse = message("P", text("P_\(name)") + text("\(accounts)$1;") + [0, 0])
            return (question: parse + message("S", []), answer: message("1", []) + message("Z", Array("I".utf8)))
        }
        let columns = message("2", []) + message("T", [0, 1] + text("abalance") + [UInt8](repeating: 0, count: 18))
        return SyntheticTraffic(
            exchanges: number, connections: connections, port: port, opening: [login] + prepared
        ) { number in
            let bind =
                text("") + text("P_\(number / connections % names)") + [0, 0, 0, 1, 0, 0, 0, 4, 49, 50, 51, 52, 0, 0]
            let question =
                message("B", bind) + message("D", Array("P".utf8) + [0]) + message("E", [0, 0, 0, 0, 0])
                + message("S", [])
            return (question, columns + answer)
        }
    }
}
