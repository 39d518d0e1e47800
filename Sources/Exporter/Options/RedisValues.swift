// The kinds of values that only the watching of Redis takes.

import Metrics
import Redis

extension ValueKind where Value == [RedisPlace] {
    /// Addresses of Redis, also as one comma list. Its error shows the address without credentials.
    static let redisPlaces = ValueKind(
        allowed: "host:port, redis://, rediss://, unix:///path, sentinel://host:port/master or "
            + "redis-cluster://host:port, repeatable",
        isRepeatable: true
    ) { texts throws(Refusal) in
        var places: [RedisPlace] = []
        for text in texts {
            let items = RedisPlace.joined(text.split(separator: ",").map { String($0.trimmed) })
            for item in items { places.append(try place(item)) }
        }
        if places.isEmpty && !texts.isEmpty { throw Refusal(text: texts.joined(separator: ",")) }
        return places
    }

    private static func place(_ text: String) throws(Refusal) -> RedisPlace {
        do throws(RedisAddress.Malformed) {
            return try RedisPlace(text)
        } catch {
            // A comma in a password cuts it from its @: what then stands behind a colon is not shown either.
            let host = text.utf8.lastIndex(of: UInt8(ascii: "@")).map { "…" + text[$0...] }
            let hasColons = text.utf8.filter { $0 == UInt8(ascii: ":") }.count > 1
            throw Refusal(text: host ?? (hasColons ? "…" : text), reason: "\(error)")
        }
    }
}
