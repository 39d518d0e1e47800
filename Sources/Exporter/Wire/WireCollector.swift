// What was measured on the network goes to the page without asking anyone: before each scrape, or every few seconds.

import Capture
import Metrics
import Traffic

/// Publishes the figures of the traffic engine and of the capture.
struct WireCollector: Collector {
    /// The part that fails while something that was asked for is not captured.
    static let capturePart = "wire_capture"
    /// The part that fails while the kernel drops packets.
    static let ringPart = "wire_ring"

    let wire: Wire

    let name = "wire"
    let parts = [WireCollector.capturePart, WireCollector.ringPart]
    private let drops = DropWatch()
    private let gateway: GatewayWatches

    init(wire: Wire) {
        self.wire = wire
        gateway = GatewayWatches(wire.settings.httpPorts)
    }

    /// The families that the capture and the engine cannot know by themselves.
    static let descriptors = [Coverage.ratio, Coverage.seenRatio]

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        switch wire.state {
        case .off: return Collected(skipped: parts)
        case .impossible(let error):
            let partFailure = Self.partFailure(Self.capturePart, error.reason, "\(error)")
            return Collected(partFailures: [partFailure], skipped: [Self.ringPart])
        case .running(let capture):
            let status = capture.status
            var collected = measured
            collected.samples.add(status.samples())
            collected.partFailures = status.problem.map { [Self.partFailure(Self.capturePart, .unreadable, $0)] } ?? []
            if drops.isDropping(status.rings.reduce(0) { $0 + $1.dropped }, at: .now) {
                collected.partFailures.append(Self.partFailure(Self.ringPart, .overflow, Self.overflow))
            }
            return collected
        }
    }

    /// What was measured of each target, and what is to be said of that.
    private var measured: Collected {
        let snapshot = wire.engine.snapshot()
        var collected = Collected()
        let unreadable = wire.readability.remark(seesPackets: wire.engine.redisTotals.packets > 0)
        collected.remarks = unreadable.map { [$0] } ?? []
        if let http = snapshot.http {
            collected.remarks += gateway.remarks(http.ports)
            wire.gateway?.take(http.totals)
        }
        for target in snapshot.targets {
            var samples = snapshot.samples(of: target)
            if let number = snapshot.redis.firstIndex(where: { $0.target == target }) {
                let coverage = wire.coverage.figures(of: number)
                samples.add(Coverage.ratio, ifKnown: coverage?.measured)
                samples.add(Coverage.seenRatio, ifKnown: coverage?.seen)
                let remark = Blindness.remark(coverage, of: target, on: wire.ports(of: number))
                if let remark { collected.remarks.append(remark) }
            }
            if let target {
                collected.targeted.append(Collected.Targeted(target: target, samples: samples))
            } else {
                collected.samples = samples
            }
        }
        return collected
    }

    private static let overflow = "packets are dropped: their ring is full; a larger --wire.buffer helps against bursts"

    private static func partFailure(
        _ part: String, _ reason: CollectorFailure.Reason, _ message: String
    ) -> Collected.PartFailure {
        Collected.PartFailure(part: part, failure: CollectorFailure(reason, message))
    }
}

extension CaptureError {
    fileprivate var reason: CollectorFailure.Reason {
        switch self {
        case .noCapability: .denied
        case .linkLayer: .unsupported
        case .file, .resources: .unreadable
        }
    }
}
