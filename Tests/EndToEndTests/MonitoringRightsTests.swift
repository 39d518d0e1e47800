import Foundation
import TestKit
import Testing

/// The line and the block of docs/security.md, pasted as they stand there: with these rights everything works.
@Suite struct MonitoringRightsTests {
    private let page = try! Project.text("docs/security.md")

    private func block(_ language: String, holding words: String) throws -> String {
        let blocks = page.components(separatedBy: "```\(language)\n").dropFirst().map {
            String($0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex))
        }
        return try #require(blocks.first { $0.contains(words) })
    }

    /// Everything that can be switched on, on Redis 7.0 and on Valkey.
    @Test(arguments: ["redis-server", Project.root.appending(path: ".build/tools/valkey/usr/bin/valkey-server").path])
    func oneLineForRedis(program: String) async throws {
        let redis = try await RedisServer(program, [])
        let line = try block("text", holding: "ACL SETUSER")
        try redis.cli(line.split { $0 == " " || $0 == "\n" }.map(String.init))
        for command in [
            ["SET", "s", "1"], ["RPUSH", "l", "a"], ["HSET", "h", "f", "v"], ["SADD", "m", "a"],
            ["ZADD", "z", "1", "a"],
            ["XADD", "x", "*", "f", "v"], ["XGROUP", "CREATE", "x", "g", "0"],
            ["XREADGROUP", "GROUP", "g", "c", "STREAMS", "x", ">"],
            ["SADD", "rq:queues", "rq:queue:mail"], ["LPUSH", "rq:queue:mail", "1"], ["SADD", "queues", "mail"],
            ["LPUSH", "queue:mail", "{\"created_at\":1}"], ["SADD", "resque:queues", "mail"],
        ] { try redis.cli(command) }
        let result = try await Sidelong.run(
            [
                "check", "--redis.addr=\(redis.address)", "--redis.user=sidelong", "--wire.interfaces=off",
                "--keys.check=*", "--keys.check-single=s,l", "--keys.count=*", "--keys.check-streams=x",
                "--keys.check-single-streams=x", "--keys.probe=s", "--redis.queues=sidekiq,rq,celery,resque,bullmq",
                "--redis.queue=own=l", "--redis.queue=own:delayed=z", "--redis.queue=log=x",
                "--keys.sizes=on",
            ], environment: ["REDIS_PASSWORD": "PASSWORD"])
        #expect(result.status == 0 && result.output.hasSuffix("Everything works.\n"), "\(result.output)")
        // It looks, and does nothing else.
        let asUser = ["--user", "sidelong", "--pass", "PASSWORD", "--no-auth-warning"]
        // What a capture makes it ask.
        for command in [["PUBSUB", "NUMSUB", "c"], ["PUBSUB", "SHARDNUMSUB", "c"]] {
            let answer = try ServerProcess.run("redis-cli", ["-p", "\(redis.port)"] + asUser + command)
            #expect(answer.output == "c\n0\n", "\(command): \(answer.output)")
        }
        for command in [
            ["SET", "s", "2"], ["FLUSHALL"], ["CONFIG", "SET", "maxmemory", "1"], ["GET", "s"], ["SHUTDOWN"],
        ] {
            let answer = try ServerProcess.run("redis-cli", ["-p", "\(redis.port)"] + asUser + command)
            #expect(answer.output.contains("NOPERM"), "\(command): \(answer.output)")
        }
    }

    @Test func oneBlockForPostgres() async throws {
        let postgres = try await PostgresServer.start()
        let redis = try await RedisServer()
        try postgres.sql(try block("sql", holding: "CREATE ROLE"))
        let result = try await Sidelong.run([
            "check", "--redis.addr=\(redis.address)", "--wire.interfaces=off",
            "--postgres.dsn=host=127.0.0.1 port=\(postgres.port) user=sidelong password=PASSWORD dbname=postgres",
        ])
        #expect(result.status == 0 && result.output.hasSuffix("Everything works.\n"), "\(result.output)")
        #expect(!result.output.contains("WARNING"), "\(result.output)")
    }
}
