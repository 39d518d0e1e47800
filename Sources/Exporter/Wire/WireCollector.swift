// What was measured on the network goes to the page once a second, without asking anyone.

import Capture
import Metrics
import Traffic

/// Publishes the figures of the traffic engine and of the capture.
struct WireCollector: Collector {
    /// The part that fails while something that was asked for is not captured.
    static let capturePart = "wire_capture"

    let wire: Wire

    let name = "wire"
    let parts = [WireCollector.capturePart]

    /// The families that the capture and the engine cannot know by themselves.
    static let descriptors = [Coverage.ratio]

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        switch wire.state {
        case .off: return Collected()
        case .impossible(let error): return Collected(setbacks: [Self.setback(error.reason, "\(error)")])
        case .running(let capture):
            let status = capture.status
            var samples = wire.engine.snapshot().samples()
            samples.add(status.samples())
            samples.add(Coverage.ratio, ifKnown: wire.coverage.ratio())
            let setbacks = status.problem.map { [Self.setback(.unreadable, $0)] } ?? []
            return Collected(samples: samples, setbacks: setbacks)
        }
    }

    private static func setback(_ reason: CollectorFailure.Reason, _ message: String) -> Collected.Setback {
        Collected.Setback(part: capturePart, failure: CollectorFailure(reason, message))
    }
}

extension CaptureError {
    fileprivate var reason: CollectorFailure.Reason {
        switch self {
        case .noCapability: .denied
        case .linkLayer: .unsupported
        case .noInterface, .interface, .file, .resources: .unreadable
        }
    }
}
