// Clients that were let in or turned away: refused credentials, exceeded rates, requests per API key.

import HTTP
import Metrics

/// The counts of the server's gate as samples.
enum AccessMetrics {
    static let failures = Descriptor(
        .counter, "sidelong_auth_failures_total", labels: ["reason"],
        help: "Clients and requests of Sidelong's own server that were refused for who they are.")
    static let limited = Descriptor(
        .counter, "sidelong_rate_limited_requests_total", labels: ["scope"],
        help: "Requests to Sidelong answered with 429, by whose rate was exceeded.")
    static let keyRequests = Descriptor(
        .counter, "sidelong_api_key_requests_total", labels: ["name"],
        help: "Requests to Sidelong per API key of the web configuration, those above its rate included.")
    static let buckets = Descriptor(
        .gauge, "sidelong_rate_limit_clients", help: "Clients of Sidelong that have used some of their rate lately.")
    static let evicted = Descriptor(
        .counter, "sidelong_rate_limit_evicted_clients_total",
        help: "Clients of Sidelong whose used rate was forgotten, because there were too many at once.")

    static let descriptors = [failures, limited, keyRequests, buckets, evicted]

    static func samples(_ counts: AccessCounts) -> Samples {
        var samples = Samples()
        for reason in AccessFailure.allCases {
            samples.add(failures, Double(counts.failures[reason] ?? 0), reason.rawValue)
        }
        for scope in RateScope.allCases {
            samples.add(limited, Double(counts.limited[scope] ?? 0), scope.rawValue)
        }
        for (name, count) in counts.keyRequests { samples.add(keyRequests, Double(count), name) }
        samples.add(buckets, Double(counts.buckets))
        samples.add(evicted, Double(counts.evictedBuckets))
        return samples
    }
}
