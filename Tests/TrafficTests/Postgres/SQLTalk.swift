// A session on paper, and what was counted of it.

import Metrics
import Testing

@testable import Traffic

/// A connection to Postgres. Each call is one packet.
struct SQLTalk {
    var wire: ScriptedConnection

    init(clientPort: UInt16 = 50_000, serverPort: UInt16 = 5432, time: UInt64 = 1_700_000_000_000_000_000) {
        wire = ScriptedConnection(clientPort: clientPort, server: ([10, 0, 0, 2], serverPort), time: time)
    }

    /// A session that has logged in.
    static func session(
        user: String = "app", database: String = "shop", clientPort: UInt16 = 50_000, serverPort: UInt16 = 5432
    ) -> SQLTalk {
        var talk = SQLTalk(clientPort: clientPort, serverPort: serverPort)
        talk.wire.open()
        talk.client(Ask.startup(user: user, database: database))
        talk.server(Say.welcome)
        return talk
    }

    mutating func client(_ messages: [UInt8]...) { wire.send(messages.flatMap { $0 }, isReply: false) }
    mutating func server(_ messages: [UInt8]...) { wire.send(messages.flatMap { $0 }, isReply: true) }

    /// Lets time pass, in milliseconds.
    mutating func wait(_ milliseconds: UInt64) { wire.wait(milliseconds * 1_000) }

    /// The client asks, and the server answers so many milliseconds later.
    mutating func exchange(_ question: [UInt8], _ answer: [UInt8], after milliseconds: UInt64 = 1) {
        client(question)
        wait(milliseconds)
        server(answer)
    }
}

/// A port's figures by name.
struct SQLFigures {
    let snapshot: PostgresSnapshot
    private let samples: Samples

    init(_ snapshot: TrafficSnapshot) {
        self.snapshot = snapshot.postgres[0]
        samples = snapshot.samples(of: nil)
    }

    /// Statements by type.
    var queries: [String: Int] { counts(of: PostgresTrafficFamilies.queries) }
    var rows: [String: Int] { counts(of: PostgresTrafficFamilies.rows) }
    /// Errors by `type code`.
    var errors: [String: Int] { counts(of: PostgresTrafficFamilies.queryErrors) }
    var sessionErrors: [String: Int] { counts(of: PostgresTrafficFamilies.sessionErrors) }
    var loginFailures: [String: Int] { counts(of: PostgresTrafficFamilies.loginFailures) }
    var transactions: [String: Int] { counts(of: PostgresTrafficFamilies.transactions) }
    var prepared: [String: Int] { counts(of: PostgresTrafficFamilies.preparedExecutions) }
    var logins: Int { counts(of: PostgresTrafficFamilies.logins)[""] ?? 0 }
    var cancels: Int { counts(of: PostgresTrafficFamilies.cancels)[""] ?? 0 }
    var inFlight: Int { counts(of: PostgresTrafficFamilies.inFlight)[""] ?? 0 }
    var replicationSessions: Int { counts(of: PostgresTrafficFamilies.replicationSessions)[""] ?? 0 }
    var encrypted: Int { Int(snapshot.wire.counts.encryptedConnections) }
    var measured: Int { Int(snapshot.wire.requests) }

    /// Statements by `table type`.
    var tables: [String: Int] { histograms(PostgresTrafficFamilies.tableQueryDuration).mapValues(\.count) }
    /// Statements by `database user`.
    var users: [String: Int] { histograms(PostgresTrafficFamilies.userQueryDuration).mapValues(\.count) }
    /// All their time by type, in milliseconds.
    var milliseconds: [String: Double] { histograms(PostgresTrafficFamilies.queryDuration).mapValues(\.milliseconds) }
    var transactionTime: (count: Int, milliseconds: Double) { only(PostgresTrafficFamilies.transactionDuration) }
    var idleTime: (count: Int, milliseconds: Double) { only(PostgresTrafficFamilies.idleInTransaction) }

    /// The bucket of each statement on a table, in order.
    func buckets(ofTable table: String) -> [Int] {
        samples[PostgresTrafficFamilies.tableQueryDuration].flatMap { sample -> [Int] in
            guard sample.labels[0] == table, case .histogram(let value) = sample.value else { return [] }
            return value.counts.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
        }.sorted()
    }

    /// Those that happened.
    var unmeasured: [String: Int] {
        let pairs = snapshot.wire.unmeasured.map { ($0.reason, Int($0.count)) }
        return Dictionary(uniqueKeysWithValues: pairs.filter { $0.1 > 0 })
    }

    /// Those that happened.
    var resyncs: [String: Int] {
        let pairs = snapshot.wire.resyncs.map { ($0.reason, Int($0.count)) }
        return Dictionary(uniqueKeysWithValues: pairs.filter { $0.1 > 0 })
    }

    /// Every family as text.
    var page: String { String(decoding: Exposition([.init(samples)]).page(in: .text), as: UTF8.self) }

    /// The values other than 0 of a counter or gauge, by their label values without `wire`, joined with blanks.
    private func counts(of descriptor: Descriptor) -> [String: Int] {
        var result: [String: Int] = [:]
        for sample in samples[descriptor] {
            guard case .number(let value) = sample.value, value > 0 else { continue }
            result[Self.key(sample)] = Int(value)
        }
        return result
    }

    private func histograms(_ descriptor: Descriptor) -> [String: (count: Int, milliseconds: Double)] {
        var result: [String: (count: Int, milliseconds: Double)] = [:]
        for sample in samples[descriptor] {
            guard case .histogram(let value) = sample.value, value.count > 0 else { continue }
            result[Self.key(sample)] = (Int(value.count), (value.sum * 1e6).rounded() / 1e3)
        }
        return result
    }

    private func only(_ descriptor: Descriptor) -> (count: Int, milliseconds: Double) {
        histograms(descriptor)[""] ?? (0, 0)
    }

    private static func key(_ sample: Sample) -> String {
        sample.labels.filter { !$0.isEmpty && $0 != "wire" }.joined(separator: " ")
    }
}
