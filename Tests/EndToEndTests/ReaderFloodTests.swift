import Glibc
import TestKit
import Testing

/// Clients that ask for the page and do not read it, in a small container. Each would hold a page, and the kernel a
/// part of it.
@Suite struct ReaderFloodTests {
    @Test func readersThatReadNothingDoNotFillTheContainer() async throws {
        let cgroup = try MemoryCgroup(limit: 64 << 20)
        let redis = try await RedisServer()
        // Many databases and users make a page of a good size.
        for database in 0..<16 { try redis.cli("-n", "\(database)", "SET", "key", "value") }
        let sidelong = try await Sidelong(
            [
                "--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--redis.interval=100ms",
                "--web.rate-limit=0",
            ], through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        #expect(try sidelong.value("sidelong_memory_limit_bytes") == Double(48 << 20))

        var readers: [RawSocket] = []
        for _ in 0..<2000 {
            guard let reader = try? RawSocket(port: sidelong.port) else { continue }
            for _ in 0..<20 { try? reader.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n") }
            readers.append(reader)
            if readers.count > 250 { readers.removeFirst() }
        }
        // Whoever reads is served meanwhile.
        try await eventually("a page") { try sidelong.value("redis_up") == 1 }
        #expect(try sidelong.value(#"sidelong_memory_bytes{use="responses"}"#) ?? .infinity <= Double(6 << 20))
        #expect(try sidelong.value(#"sidelong_memory_shed_total{use="responses"}"#) ?? 0 > 0)
        #expect(sidelong.process.isRunning)
        #expect(try cgroup.kills() == 0)
        readers = []
        try await eventually("the memory is given back") {
            try sidelong.value(#"sidelong_memory_bytes{use="responses"}"#) ?? .infinity < Double(1 << 20)
        }
        print("in a group of 64 MiB: at most \(cgroup.peak.map { "\($0 >> 10) KiB" } ?? "an unknown number of bytes")")
        sidelong.process.kill()
    }
}
