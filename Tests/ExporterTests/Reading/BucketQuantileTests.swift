import TestKit
import Testing

@testable import Exporter

/// Percentiles, held to those of a real Prometheus.
@Suite struct BucketQuantileTests {
    private func buckets(_ counts: [(Double, Double)]) -> CumulativeBuckets {
        var buckets = CumulativeBuckets()
        for (bound, count) in counts { buckets.add(count, upTo: bound) }
        return buckets
    }

    @Test func linearBetweenBounds() {
        let some = buckets([(1, 10), (2, 30), (.infinity, 40)])
        #expect(some.total == 40)
        #expect(some.quantile(0.25) == 1)
        #expect(some.quantile(0.5) == 1.5)
        #expect(some.quantile(0.125) == 0.5)
        // Beyond the last bound all that is known is that bound.
        #expect(some.quantile(0.99) == 2)
    }

    @Test func whatCannotBeKnownIsNil() {
        #expect(buckets([]).quantile(0.5) == nil)
        #expect(buckets([(.infinity, 4)]).quantile(0.5) == nil)
        #expect(buckets([(1, 0), (.infinity, 0)]).quantile(0.5) == nil)
        #expect(buckets([(1, 4), (2, 4)]).quantile(0.5) == nil)
    }

    @Test func aBucketBelowTheOneBeforeIsRaised() {
        #expect(buckets([(1, 10), (2, 8), (.infinity, 10)]).quantile(0.9) == 0.9)
    }

    /// Two hundred histograms of all shapes, on a page that a Prometheus scrapes: the same figures to the last digit.
    @Test func theSameAsPrometheus() async throws {
        var random = SystemRandomNumberGenerator()
        let bounds: [Double] = [-1, 0, 0.00005, 0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.1, 0.5, 2.5]
        var text = "# TYPE h histogram\n"
        for number in 0..<200 {
            let own = bounds.filter { _ in Bool.random(using: &random) }
            var count = 0
            for bound in own + [.infinity] {
                count += Int.random(in: 0...3, using: &random) == 0 ? 0 : Int.random(in: 0...1000, using: &random)
                text += "h_bucket{id=\"\(number)\",le=\"\(bound == .infinity ? "+Inf" : "\(bound)")\"} \(count)\n"
            }
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n\r\n\(text)"
        let server = try FakeServer { client in
            _ = client.receive()
            _ = client.send(answer)
        }
        let prometheus = try await PrometheusServer(targets: ["127.0.0.1:\(server.port)"])
        try await eventually("the page is scraped") { try prometheus.query("h_bucket") > 0 }
        let page = try PageText.read(Array(text.utf8))
        for rank in [0, 0.01, 0.5, 0.95, 0.99, 1] {
            var own: [String: Double] = [:]
            for (id, series) in Dictionary(grouping: page["h_bucket"], by: { $0.labels["id"] ?? "" }) {
                let counts = series.map { (Double($0.labels["le"] ?? "") ?? .nan, $0.value) }
                own[id] = buckets(counts).quantile(rank)
            }
            let theirs = try prometheus.series("histogram_quantile(\(rank), h_bucket)")
            #expect(theirs.count == 200)
            for one in theirs {
                let id = one.labels["id"] ?? ""
                #expect(own[id] == (one.value.isNaN ? nil : one.value), "histogram \(id), rank \(rank)")
            }
        }
    }
}
