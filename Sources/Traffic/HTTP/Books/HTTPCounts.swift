// Everything that was counted of HTTP, in a few flat arrays. Handing it to a scrape is a copy by value.

import Metrics

/// The figures behind the `http_*` and `api_key_*` families.
struct HTTPCounts: Sendable {
    let scale: LatencyScale
    var rows: StatusRows
    var durations: BoundedHistograms
    private(set) var exemplars: ExemplarRows
    private let keepsExemplars: Bool
    var keys: APIKeyRows
    var streams = HTTPStreams()
    /// The place of `other` among the paths.
    let otherPath: Int

    init(_ settings: HTTPTrafficSettings) {
        scale = LatencyScale(settings.buckets)
        otherPath = settings.usablePaths
        rows = StatusRows(otherSlot: otherPath)
        durations = BoundedHistograms(capacity: settings.maxHistograms, scale.places)
        exemplars = ExemplarRows(rows: durations.rest, buckets: scale.places.buckets)
        keepsExemplars = settings.keepsExemplars
        keys = APIKeyRows(scale.places)
    }

    /// Counts a request that was answered in this time, in nanoseconds.
    ///
    /// - Parameter stamp: when its answer ended.
    @inline(__always)
    mutating func measured(_ request: PendingRequest, path: Int, _ latency: UInt64, at stamp: UInt64) {
        let place = scale.place(of: latency)
        let pair = BoundedHistograms.Pair(group: path, item: UInt16(request.method.rawValue))
        let row = durations.record(pair, place: place, latency)
        if request.key != .none { keys.record(request.key, place: place, latency) }
        if request.trace.isKnown, keepsExemplars, row != durations.rest {
            exemplars.record(
                row, pair, bucket: Int(scale.places.bucketOf[place]), request.trace, latency, at: stamp)
        }
    }

    /// Adds one path's figures to another's.
    mutating func movePath(_ slot: Int, to other: Int) {
        rows.move(slot: slot, to: other)
        durations.move(group: slot, to: other)
    }

    /// Lets what is long ago weigh less.
    mutating func age() {
        durations.age()
    }
}
