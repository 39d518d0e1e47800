// How our own endpoints are used: requests by path and status, and how long they took.

import HTTP
import Metrics
import Synchronization

/// Counts the requests that the program itself has answered.
final class RequestMetrics: Sendable {
    static let requests = Descriptor(
        .counter, "sidelong_http_requests_total", labels: ["method", "path", "status"],
        help: "Requests answered by Sidelong itself; unknown paths and methods are one \"other\".")
    static let durations = Descriptor(
        .histogram, "sidelong_http_request_duration_seconds", labels: ["method", "path"],
        help: "Time from a request's last header byte until its answer was sent, for Sidelong itself.")

    static let descriptors = [requests, durations]

    private struct Key: Hashable {
        let method: HTTPMethod
        let path: String
        let status: Int

        /// Sorts keys as a page sorts their labels.
        var order: (String, String, String) { (method.rawValue, path, "\(status)") }
    }

    private struct Counts {
        var requests: [Key: UInt64] = [:]
        /// The keys in the order of the page.
        var keys: [Key] = []
        var durations: [String: Histogram] = [:]
        let paths: [String]

        mutating func add(_ count: UInt64, to key: Key) {
            if requests[key] == nil {
                keys.append(key)
                keys.sort { $0.order < $1.order }
            }
            requests[key, default: 0] += count
        }
    }

    private let counts: Mutex<Counts>

    /// - Parameter paths: the patterns of the routes, whose counts start at 0.
    init(paths: [String]) {
        var counts = Counts(paths: paths.sorted())
        for path in paths {
            counts.add(0, to: Key(method: .get, path: path, status: 200))
            counts.durations[path] = Histogram(.latency)
        }
        self.counts = Mutex(counts)
    }

    /// Counts one answered request.
    ///
    /// - Parameter path: the pattern of the route that answered; nil for an unknown path.
    func record(_ method: HTTPMethod, path: String?, status: Int, duration: Duration) {
        counts.withLock { counts in
            counts.add(1, to: Key(method: method, path: path ?? "other", status: status))
            guard let path, method == .get else { return }
            counts.durations[path, default: Histogram(.latency)].record(duration.nanoseconds)
        }
    }

    /// How many requests there were; the samples change with it.
    var count: UInt64 { counts.withLock { $0.requests.values.reduce(0, +) } }

    /// All counts at this moment.
    var samples: Samples {
        let counts = counts.withLock { $0 }
        var samples = Samples()
        for key in counts.keys {
            let count = counts.requests[key] ?? 0
            samples.add(Self.requests, Double(count), key.method.rawValue, key.path, "\(key.status)")
        }
        for path in counts.paths {
            guard let histogram = counts.durations[path] else { continue }
            let labels = [HTTPMethod.get.rawValue, path]
            samples.add(Self.durations, Sample(labels: labels, value: .histogram(histogram.value)))
        }
        return samples
    }
}

extension Duration {
    /// Whole nanoseconds, never negative.
    fileprivate var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
    }
}
