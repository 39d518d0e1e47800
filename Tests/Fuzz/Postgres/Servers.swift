// Any bytes as all that a server says, through libpq, over a real socket: before the login and after it, in the clear
// or as the records of TLS. It comes to rows or to an error with words of its own, in time, and nothing stays held.

import Metrics
import System

@testable import Postgres

private let server = {
    // The first address loads libpq.
    require((try? ConnectionString(parsing: "host=127.0.0.1")) != nil, "no libpq")
    return ScriptedServer()
}()

/// A budget as small as there are.
private let memory = MemoryBudget(limit: 1)

func fuzzServers(_ input: inout FuzzInput) {
    let order = input.byte()
    server.say(Script(&input))
    let secret = "s3cr3t"
    let parameters = [
        "host": "127.0.0.1", "port": "\(server.port)", "user": "monitor", "password": secret, "dbname": "app",
        "gssencmode": "disable", "client_encoding": "UTF8", "sslmode": order & 2 == 0 ? "disable" : "require",
    ]
    let limit = Duration.milliseconds(100)
    let deadline = Deadline.after(limit)
    let begin = ContinuousClock.now
    do throws(ConnectFailure) {
        var connection = try PostgresConnection.open(
            parameters, order & 1 == 0 ? .pipeline : .simple, memory, before: deadline)
        for _ in 0..<2 { ask(&connection, before: deadline, secret) }
    } catch {
        check(error.failure, secret)
    }
    require(memory.figures[.replies]?.held == 0, "memory is held for a connection that is closed")
    // A machine at work may stretch it.
    let time = begin.duration(to: .now)
    require(time < limit + .seconds(3), "it took \(time)")
}

/// One poll.
private func ask(_ connection: inout PostgresConnection, before deadline: Deadline, _ secret: String) {
    let statements = [Statement("SELECT 1"), Statement("SELECT 2", rowLimit: 3)]
    let answers = connection.run(statements, nil, before: deadline)
    let held = memory.figures[.replies]?.held ?? 0
    require(held <= memory.share(of: .replies), "\(held) bytes are held")
    if let broken = answers.broken { check(broken, secret) }
    require(answers.broken != nil || answers.results.count == statements.count, "a statement without an outcome")
    for (index, result) in answers.results.enumerated() {
        switch result {
        case .success(let rows): require(index == 0 || rows.count <= 3, "\(rows.count) rows of three")
        case .failure(let failure): check(failure, secret)
        }
    }
    connection.endPoll()
    require(memory.figures[.replies]?.held == 0, "memory is held for a poll that is over")
    _ = connection.isWornOut
}

private func check(_ failure: CollectorFailure, _ secret: String) {
    require(!failure.message.isEmpty, "an error without words")
    require(!failure.message.contains(secret), "the password is told: \(failure.message)")
}
