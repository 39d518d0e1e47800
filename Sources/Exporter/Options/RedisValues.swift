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
            // Where the password itself holds an @, its end looks like a host. A comma in it cuts it from its @: what
            // then stands behind a colon is not shown either.
            let mayHoldPassword =
                text.utf8.contains(UInt8(ascii: "@"))
                || text.utf8.filter { $0 == UInt8(ascii: ":") }.count > 1
            throw Refusal(text: mayHoldPassword ? Shown.ellipsis : text, reason: "\(error)")
        }
    }
}

extension ValueKind where Value == [KeyPattern] {
    /// Keys or patterns of keys, also as one comma list, in redis_exporter's form.
    static let keyPatterns = ValueKind(
        allowed: "key or dbN=key, URL-encoded where it has a comma or an equals sign, repeatable", isRepeatable: true
    ) { texts throws(Refusal) in
        var patterns: [KeyPattern] = []
        for item in texts.flatMap({ $0.split(separator: ",") }) {
            guard let pattern = KeyPattern(parsing: String(item)) else { throw Refusal(text: String(item)) }
            patterns.append(pattern)
        }
        if patterns.isEmpty && !texts.isEmpty { throw Refusal(text: texts.joined(separator: ",")) }
        return patterns
    }
}

extension ValueKind where Value == QueueSystems {
    /// Queue systems as a comma list, or one word for all or none.
    static let queueSystems = one("auto, off, or a list of \(QueueSystems.names.joined(separator: ", "))") { text in
        switch text {
        case "auto": return .auto
        case "off": return .off
        default:
            let names = text.split(separator: ",").map { String($0.trimmed) }
            return !names.isEmpty && names.allSatisfy(QueueSystems.names.contains) ? .named(names) : nil
        }
    }
}

extension ValueKind where Value == OwnQueue {
    static let ownQueue = one(
        "name=key or name=pattern, also name:state=key with a state of \(OwnQueue.states.joined(separator: ", "))"
    ) { OwnQueue(parsing: $0) }
}
