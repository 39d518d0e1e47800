import Foundation
import Metrics
import Testing

@testable import Redis

/// What real servers have answered; see Tests/Fixtures/redis/README.md.
enum Fixture {
    static let standalone = [
        "redis-6.0", "redis-6.2", "redis-7.0", "redis-8.0", "valkey-8.0", "valkey-8.1", "valkey-9.1",
    ]
    /// Those of them that know sections by name, percentiles of latency and LATENCY HISTOGRAM.
    static let sevenOrLater = standalone.filter { !$0.hasPrefix("redis-6") }
    static let nodes = ["redis-7.0-cluster", "redis-7.0-replica", "redis-7.0-sentinel", "valkey-9.1-cluster"]

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/redis")

    /// The reply in a file such as `redis-7.0/info`.
    static func reply(_ name: String) throws -> RedisReply {
        let bytes = Array(try Data(contentsOf: folder.appending(path: name + ".resp")))
        var reader = RESPReader()
        try reader.feed(bytes, bytes.indices)
        return try #require(try reader.next())
    }

    static func info(_ server: String, _ file: String = "info", now: Double = 0) throws -> InfoReply {
        try InfoReply(try reply("\(server)/\(file)"), now: now)
    }

    /// An INFO of a few lines, written by hand.
    static func info(text: String, now: Double = 0) -> InfoReply {
        InfoReply(Array(text.utf8), now: now)
    }
}

extension Samples {
    /// The value of the series with these labels.
    func number(_ descriptor: Descriptor, _ labels: String...) -> Double? {
        guard case .number(let value)? = self[descriptor].first(where: { $0.labels == labels })?.value else {
            return nil
        }
        return value
    }

    /// The first value of the family with that name.
    func number(named name: String) -> Double? {
        families.first { $0.descriptor.name == name }.flatMap { first($0.descriptor) }
    }

    var names: Set<String> { Set(families.map(\.descriptor.name)) }
}

extension Samples {
    /// Keys of a type in the first database that has some, which are not larger than a bound.
    func keys(upTo bound: Double, _ family: Descriptor, _ type: String) -> UInt64? {
        guard case .histogram(let value)? = self[family].first(where: { $0.labels[1] == type })?.value else {
            return nil
        }
        return zip(value.buckets.bounds + [.infinity], value.counts).reduce(0) { $0 + ($1.0 <= bound ? $1.1 : 0) }
    }
}
