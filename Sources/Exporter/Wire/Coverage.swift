// What share of Redis' commands the capture measures. Redis counts every command; what it counts more than the wire did
// not pass a captured interface, was lost, or could not be read.

import Capture
import Metrics
import Synchronization
import Traffic

/// Compares Redis' own counts with those of the wire, over the last minute, target by target.
final class Coverage: Sendable {
    static let ratio = Descriptor(
        .gauge, "sidelong_wire_coverage_ratio",
        help:
            "Commands measured on the network over those that Redis counted for clients, in the last minute (INFO total_commands_processed without Sidelong's own; commands called by scripts are in it). Absent below 20 commands and for replicas."
    )
    static let seenRatio = Descriptor(
        .gauge, "sidelong_wire_seen_ratio",
        help: "The same as sidelong_wire_coverage_ratio for commands that were seen, measured or not.")

    /// What one Redis has counted.
    struct Count: Sendable {
        /// Commands of others than Sidelong.
        let clients: Double
        /// Counts with another number cannot be compared with this one.
        let number: UInt64
    }

    /// What is known of one target of the engine.
    private struct Account {
        /// By server: those of a cluster or of a new configuration that the engine cannot tell apart are added up.
        var counts: [String: Count] = [:]
        /// What was counted at the moment that the engine's meter was asked for; nil when no answer is outstanding.
        var asked: (moment: UInt64, clients: Double, numbers: [String: UInt64])?
        /// The counts that the window's points belong to.
        var numbers: [String: UInt64] = [:]
        var window = CoverageWindow()

        /// Whether the meter is to be asked at this moment. After a clock that was set back the traffic would reach the
        /// one that was asked for too late.
        func wants(_ moment: UInt64) -> Bool {
            !counts.isEmpty && asked.map { $0.moment > moment } ?? true
        }

        /// Notes that the meter is asked at this moment.
        mutating func ask(at moment: UInt64) {
            asked = (moment, counts.values.reduce(0) { $0 + $1.clients }, counts.mapValues(\.number))
        }

        /// Puts the meter's answer to what it was asked for.
        mutating func take(_ reading: Meter.Reading?) {
            guard let reading, let asked, reading.moment == asked.moment else { return }
            if asked.numbers != numbers { window = CoverageWindow() }
            numbers = asked.numbers
            window.add(CoveragePoint(moment: asked.moment, clients: asked.clients, wire: reading.totals))
            self.asked = nil
        }
    }

    private let engine: SharedEngine
    private let accounts = Mutex<[Int: Account]>([:])

    init(_ engine: SharedEngine) {
        self.engine = engine
    }

    /// Forgets what the servers have counted, since they may be others from now on.
    func begin() {
        accounts.withLock { $0 = [:] }
    }

    /// Takes what a Redis has counted.
    ///
    /// - Parameters:
    ///   - server: tells the servers apart.
    ///   - target: the engine's number of it.
    ///   - count: nil where it cannot be told what was counted for clients.
    ///   - moment: when it was counted, on the clock of the packets' stamps, nanoseconds since 1970.
    func polled(_ server: String, of target: Int = 0, _ count: Count?, at moment: UInt64) {
        let reading = engine.meterReading(of: target)
        accounts.withLock { accounts in
            var account = accounts[target] ?? Account()
            account.take(reading)
            account.counts[server] = count
            if account.wants(moment) {
                account.ask(at: moment)
                engine.askMeter(at: moment, of: target)
            }
            accounts[target] = account
        }
    }

    /// What was counted of a target in the last minute before the newest poll whose packets have all been read.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Returns: nil before the second poll, and when there was none for too long.
    func figures(of target: Int = 0, at now: UInt64 = LiveCapture.now()) -> CoverageFigures? {
        let reading = engine.meterReading(of: target)
        return accounts.withLock { accounts in
            accounts[target]?.take(reading)
            return accounts[target]?.window.figures(at: now)
        }
    }
}
