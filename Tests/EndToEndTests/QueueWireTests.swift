import TestKit
import Testing

/// Queues and channels by the traffic, with a live capture. Needs CAP_NET_RAW.
@Suite struct QueueWireTests {
    /// What the network shows is what Redis has counted, and the queues that it names are asked for their length.
    @Test func trafficAndServerAgree() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--keys.interval=1s", "--wire.interfaces=lo",
            "--wire.buffer=16MiB",
        ])
        try await sidelong.captures()
        let listener = try RawSocket(port: redis.port)
        try listener.send("SUBSCRIBE news\r\n")
        _ = try listener.receive()
        let client = try RawSocket(port: redis.port)
        for number in 0..<30 {
            try client.send("LPUSH queue:mail \(number)\r\n")
            _ = try client.receive()
        }
        for command in [
            "BRPOP queue:mail 1", "RPOP queue:mail", "RPOP queue:mail", "SELECT 3", "XGROUP CREATE events g $ MKSTREAM",
            "XADD events * f v", "XREADGROUP GROUP g c STREAMS events >", "PUBLISH news hello", "PUBLISH news again",
            "LPUSH queue:idle a", "LPOP queue:idle",
        ] {
            try client.send(command + "\r\n")
            _ = try client.receive()
        }
        let worker = try RawSocket(port: redis.port)
        try worker.send("BLPOP queue:idle 0\r\n")

        try await sidelong.waits(for: Self.operations("queue:mail", "in"), toBe: 30)
        try await sidelong.waits(for: Self.operations("queue:mail", "out"), toBe: 3)
        try await sidelong.waits(for: Self.operations("events", "in"), toBe: 1)
        try await sidelong.waits(for: Self.operations("events", "out"), toBe: 1)
        for (commands, count) in [(["lpush"], 31), (["rpop", "brpop"], 3), (["xadd"], 1), (["xreadgroup"], 1)] {
            try await eventually("\(commands) of the server") {
                try commands.reduce(0) { try $0 + (sidelong.value(Self.calls($1)) ?? 0) } == Double(count)
            }
        }
        try await sidelong.waits(for: Self.jobs("queue:mail"), toBe: 27)
        try await sidelong.waits(for: Self.jobs("events"), toBe: 1)
        try await sidelong.waits(for: #"redis_queue_waiting_consumers{queue="queue:idle"}"#, toBe: 1)
        try await sidelong.waits(for: #"redis_pubsub_messages_total{channel_group="news"}"#, toBe: 2)
        try await sidelong.waits(for: #"redis_pubsub_receivers_total{channel_group="news"}"#, toBe: 2)
        try await sidelong.waits(for: #"redis_pubsub_subscribers{channel_group="news"}"#, toBe: 1)
        withExtendedLifetime((listener, worker)) {}
    }

    private static func operations(_ queue: String, _ operation: String) -> String {
        #"redis_queue_operations_total{queue="\#(queue)",operation="\#(operation)"}"#
    }

    private static func calls(_ command: String) -> String {
        #"redis_commands_total{cmd="\#(command)",command="\#(command)"}"#
    }

    private static func jobs(_ queue: String) -> String {
        #"redis_queue_jobs{system="wire",queue="\#(queue)",state="waiting"}"#
    }
}
