import Foundation
import TestKit

/// The verdict of a run, as a table.
struct Report {
    private struct Row {
        let name: String
        let seen: String
        let allowed: String
        let isGood: Bool
    }

    private let rows: [Row]

    /// What a run has at the least. A sanitizer makes everything many times slower.
    static let fewestTroubles = Sidelong.isSanitized ? 2 : 5
    static let fewestAnswers = Sidelong.isSanitized ? 10 : 100

    /// - Throws: when a trouble did not end, or Prometheus does not have the series.
    init(_ scene: Scene, _ scrapes: Scrapes.Tally, _ troubles: Int) throws {
        let megabyte = 1_048_576.0
        // A sanitizer keeps what was freed, and has its own verdict.
        let measured =
            Sidelong.isSanitized
            ? []
            : [
                try Self.flat(
                    "resident memory, MiB", "process_resident_memory_bytes", scene, unit: megabyte,
                    // In a short run the allocator and the kernel's page cache still settle.
                    allowance: -scene.start.timeIntervalSinceNow < 300 ? 2 : 1),
                try Self.flat("threads", "process_threads", scene, allowance: 1),
                try Self.flat("open descriptors", "process_open_fds", scene, allowance: 1),
                // A poll that gets no answer takes two seconds at the least; a scrape that waited for one would too.
                Row(
                    name: "slowest answer, ms", seen: "\(Int(scrapes.slowest / .milliseconds(1)))",
                    allowed: "below 2000",
                    isGood: scrapes.slowest < .seconds(2)),
                try Self.scraped(scene),
            ]
        rows =
            measured + [
                Row(
                    name: "answers", seen: "\(scrapes.answers)", allowed: "\(Self.fewestAnswers) or more",
                    isGood: scrapes.answers >= Self.fewestAnswers),
                Row(
                    name: "answers that were wrong or missing", seen: "\(scrapes.failures.count)", allowed: "0",
                    isGood: scrapes.failures.isEmpty),
                Row(
                    name: "troubles, each followed by recovery", seen: "\(troubles)",
                    allowed: "\(Self.fewestTroubles) or more",
                    isGood: troubles >= Self.fewestTroubles),
            ]
    }

    var isGood: Bool { rows.allSatisfy(\.isGood) }

    var text: String {
        func line(_ cells: [String]) -> String {
            zip(cells, [38, 18, 16, 0]).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
                .joined(separator: " ")
        }
        let lines = rows.map { line([$0.name, $0.seen, $0.allowed, $0.isGood ? "ok" : "FAILED"]) }
        return ([line(["", "seen", "allowed", ""])] + lines).joined(separator: "\n")
    }

    private static func flat(
        _ name: String, _ series: String, _ scene: Scene, unit: Double = 1, allowance: Double
    ) throws -> Row {
        let values = try scene.prometheus.values(of: series, since: scene.start).map { $0 / unit }
        guard let flatness = Flatness(of: values, allowance: allowance) else {
            throw NeverHappened(description: "too few values of \(series): \(values.count)")
        }
        func shown(_ value: Double) -> String { String(format: unit == 1 ? "%.0f" : "%.1f", value) }
        return Row(
            name: name, seen: "\(shown(flatness.early)) to \(shown(flatness.late))", allowed: "+\(shown(allowance))",
            isGood: flatness.isFlat)
    }

    private static func scraped(_ scene: Scene) throws -> Row {
        let up = try scene.prometheus.values(of: "up", since: scene.start)
        let missed = up.filter { $0 == 0 }.count
        return Row(
            name: "Prometheus' scrapes that failed", seen: "\(missed) of \(up.count)", allowed: "0",
            isGood: missed == 0 && !up.isEmpty)
    }
}
