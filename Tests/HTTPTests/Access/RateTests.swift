import Testing

@testable import HTTP

/// Token buckets, by a clock of the tests' own.
@Suite struct RateTests {
    private let start = ContinuousClock.now
    private let limit = RateLimit(perSecond: 10, burst: 5)

    @Test func aBurstPassesAndThenTheRateCounts() {
        var bucket = TokenBucket(limit, at: start)
        for _ in 0..<5 { #expect(bucket.take(limit, at: start) == nil) }
        #expect(bucket.take(limit, at: start) == .milliseconds(100))
        #expect(bucket.take(limit, at: start + .milliseconds(50)) == .milliseconds(50))
        #expect(bucket.take(limit, at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(limit, at: start + .milliseconds(100)) != nil)
    }

    @Test func aLongPauseFillsTheBucketAndNoMore() {
        var bucket = TokenBucket(limit, at: start)
        let later = start + .seconds(3600)
        for _ in 0..<5 { #expect(bucket.take(limit, at: later) == nil) }
        #expect(bucket.take(limit, at: later) != nil)
    }

    @Test func eachClientHasItsOwnBucket() throws {
        var buckets = ClientBuckets()
        let (first, second) = (try client("192.0.2.1"), try client("192.0.2.2"))
        for _ in 0..<5 { _ = buckets.take(for: first, limit, at: start) }
        #expect(buckets.take(for: first, limit, at: start) != nil)
        #expect(buckets.take(for: second, limit, at: start) == nil)
        #expect(buckets.count == 2)
    }

    @Test func aNetworkOfIPv6IsOneClient() throws {
        var buckets = ClientBuckets()
        for host in 1...5 { #expect(buckets.take(for: try client("2001:db8::\(host)"), limit, at: start) == nil) }
        #expect(buckets.take(for: try client("2001:db8::ffff"), limit, at: start) != nil)
        #expect(buckets.take(for: try client("2001:db8:0:1::1"), limit, at: start) == nil)
        #expect(buckets.count == 2)
    }

    @Test func fullBucketsAreDropped() throws {
        var buckets = ClientBuckets()
        for host in 1...200 { _ = buckets.take(for: try client("192.0.2.\(host)"), limit, at: start) }
        #expect(buckets.count == 200)
        _ = buckets.take(for: try client("198.51.100.1"), limit, at: start + .seconds(60))
        #expect(buckets.count == 1)
        #expect(buckets.evicted == 0)
    }

    @Test func theNumberOfBucketsIsBounded() {
        var buckets = ClientBuckets(capacity: 100)
        for number: UInt8 in 0..<200 {
            _ = buckets.take(for: ClientAddress(bytes: [10, 0, 0, number]), limit, at: start)
        }
        #expect(buckets.count == 100)
        #expect(buckets.evicted == 100)
    }

    @Test func whoHasUsedUpABucketDoesNotGetANewOne() {
        // As many as are compared where one has to go, all spent but one at a time.
        var buckets = ClientBuckets(capacity: 16)
        let spent = (0..<15).map { ClientAddress(bytes: [192, 0, 2, $0]) }
        for client in spent { for _ in 0..<6 { _ = buckets.take(for: client, limit, at: start) } }
        for number: UInt8 in 0..<200 {
            _ = buckets.take(for: ClientAddress(bytes: [10, 0, 0, number]), limit, at: start)
        }
        #expect(buckets.count == 16)
        #expect(buckets.evicted == 199)
        for client in spent { #expect(buckets.take(for: client, limit, at: start) != nil) }
    }

    private func client(_ text: String) throws -> ClientAddress {
        try #require(ClientAddress(text))
    }
}
