import Foundation
import Synchronization
import TestKit

/// Scrapes and looks at the health page without a pause, and notes how that goes.
final class Scrapes: Sendable {
    struct Tally: Sendable {
        var answers = 0
        var slowest = Duration.zero
        /// What was not answered, or not as it should be.
        var failures: [String] = []
    }

    private let state = Mutex(Tally())
    private let isOver = Atomic(false)

    var tally: Tally { state.withLock { $0 } }

    init(port: Int) {
        let requests: [(path: String, headers: [String: String], status: Int?)] = [
            ("/metrics", [:], 200),
            ("/metrics", ["Accept": "application/openmetrics-text;version=1.0.0", "Accept-Encoding": "gzip"], 200),
            ("/health/live", [:], 200),
            // 503 while a server is away.
            ("/health", [:], nil),
            ("/nothing", [:], 404),
        ]
        for lane in 0..<2 {
            Thread.detachNewThread { [self] in
                var turn = lane
                while !isOver.load(ordering: .relaxed) {
                    let next = requests[turn % requests.count]
                    let begin = ContinuousClock.now
                    let answer = try? request(port: port, next.path, headers: next.headers)
                    note(next.path, answer?.status, next.status, begin.duration(to: .now))
                    turn += 1
                    usleep(20_000)
                }
            }
        }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
    }

    private func note(_ path: String, _ status: Int?, _ expected: Int?, _ duration: Duration) {
        guard !isOver.load(ordering: .relaxed) else { return }
        state.withLock { tally in
            tally.answers += 1
            tally.slowest = max(tally.slowest, duration)
            guard let status, status == expected ?? status else {
                return tally.failures.append("\(path): \(status.map { "\($0)" } ?? "no answer")")
            }
        }
    }
}
