import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

extension RedisServer {
    /// A target for this server, patient enough for a busy machine.
    func target(
        _ settings: RedisSettings = .patient, address: String? = nil, counting connections: Connections = Connections()
    ) throws -> RedisTarget {
        RedisTarget(
            try RedisAddress(address ?? "127.0.0.1:\(port)"), settings, companion: connections.companion)
    }
}

/// Counts the connections that a target has made.
final class Connections: Sendable {
    private let made = Mutex(0)

    var count: Int { made.withLock { $0 } }

    var companion: RedisCompanion {
        var companion = RedisCompanion()
        companion.onConnect = { [self] _ in made.withLock { $0 += 1 } }
        return companion
    }
}

extension FakeServer {
    func target(_ settings: RedisSettings = .patient) throws -> RedisTarget {
        RedisTarget(try RedisAddress("127.0.0.1:\(port)"), settings)
    }
}

extension RedisImitation {
    func target(_ settings: RedisSettings = .patient) throws -> RedisTarget {
        RedisTarget(try RedisAddress(address), settings)
    }
}

extension RedisSettings {
    static let patient = RedisSettings(connectTimeout: .seconds(20), timeout: .seconds(20))
}

extension RedisTarget {
    /// One poll with all the time that a busy machine may need.
    func poll() async throws(CollectorFailure) -> Collected {
        try await collect(before: .after(.seconds(20)))
    }

    /// Why the next poll fails; a failed expectation when it does not.
    func failure(before deadline: Deadline = .after(.seconds(20))) async -> CollectorFailure? {
        do throws(CollectorFailure) {
            _ = try await collect(before: deadline)
            Issue.record("the poll worked")
            return nil
        } catch {
            return error
        }
    }
}

extension Collected {
    /// The reason for which a part failed, or nil where it did not.
    func reason(_ part: String) -> CollectorFailure.Reason? {
        partFailures.first { $0.part == part }?.failure.reason
    }
}
