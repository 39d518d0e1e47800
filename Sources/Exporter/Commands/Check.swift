// `sidelong check`: every target and privilege is tried once, and a table says what works, what is missing and how to
// mend it. Meant for a terminal, an init container or a support request.

import Metrics
import Synchronization

/// The findings of `sidelong check`.
struct Check: Sendable {
    struct Row: Sendable, Equatable {
        let subject: String
        let isWell: Bool
        let finding: String
        /// It works, and the finding is a warning.
        var isUnwise = false

        fileprivate var verdict: String { isWell ? isUnwise ? "WARNING" : "ok     " : "MISSING" }
    }

    let rows: [Row]
    /// What mends several findings at once: the subject, and the line to paste there.
    var remedies: [(subject: String, line: String)] = []

    /// Whether nothing is missing.
    var isComplete: Bool { rows.allSatisfy(\.isWell) }

    /// Tries every source of the configuration once, all at the same time; the capture last, which judges by what the
    /// others have learned.
    static func report(on configuration: Configuration, _ wire: Wire) async -> Check {
        let groups = await members(of: Sources.groups(of: configuration, wire))
        let sources = Sources.all(of: configuration, wire) + groups.flatMap(\.sources)
        var results: [Int: Check] = [:]
        for isCapture in [false, true] {
            await withTaskGroup(of: (Int, Check).self) { group in
                for (index, source) in sources.enumerated() where (source.collector is WireCollector) == isCapture {
                    group.addTask { (index, await of(source)) }
                }
                for await (index, check) in group { results[index] = check }
            }
        }
        let remarks = configuration.settings.remarks.map {
            Row(subject: "configuration", isWell: true, finding: $0, isUnwise: true)
        }
        let checks = groups.map(\.check) + sources.indices.compactMap { results[$0] }
        return Check(rows: remarks + checks.flatMap(\.rows), remedies: checks.flatMap(\.remedies))
    }

    /// Looks once for the members of each group.
    private static func members(of groups: [SourceGroup]) async -> [(check: Check, sources: [Source])] {
        var found: [(check: Check, sources: [Source])] = []
        for group in groups {
            let members = Mutex<[SourceGroup.Member]>([])
            let check = await of(group.discovery([]) { new in members.withLock { $0 = new } })
            found.append((check, members.withLock { $0 }.flatMap { $0.sources(.zero) }))
        }
        return found
    }

    /// The table for people: one line per collector or part.
    var table: String {
        let subjects = rows.map(\.subject.visible)
        let width = subjects.map(\.count).max() ?? 0
        let lines = zip(rows, subjects).map { row, subject in
            let padding = String(repeating: " ", count: width - subject.count)
            return "\(subject)\(padding)  \(row.verdict)  \(row.finding.visible)\n"
        }
        let missing = rows.count { !$0.isWell }
        let mending = remedies.map { "To mend \($0.subject), run there: \($0.line)\n" }
        return lines.joined() + mending.joined()
            + (missing == 0 ? "Everything works.\n" : "\(missing) of \(rows.count) not available.\n")
    }

    private static func of(_ source: Source) async -> Check {
        let started = ContinuousClock.now
        let collected: Collected
        do throws(CollectorFailure) {
            collected = try await source.collector.collect(before: .after(source.timeout))
        } catch {
            return Check(rows: [Row(subject: source.name, isWell: false, finding: "\(error)")])
        }
        let milliseconds = Figure.short(started.duration(to: .now).seconds * 1000)
        let families = collected.samples.families.count
        // A source that brings nothing says why, where it can.
        let isEmpty = families == 0 && !collected.remarks.isEmpty
        let finding = isEmpty ? collected.remarks[0].message : "\(families) families in \(milliseconds) ms"
        let whole = Row(subject: source.name, isWell: true, finding: finding)
        let remarks = collected.remarks.dropFirst(isEmpty ? 1 : 0).map { remark in
            Row(
                subject: "  \(source.name): \(remark.topic)", isWell: !remark.isTrouble, finding: remark.message,
                isUnwise: !remark.isTrouble)
        }
        let parts = source.collector.parts.map { part in
            if let partFailure = collected.partFailures.first(where: { $0.part == part }) {
                return Row(subject: "  \(part)", isWell: false, finding: "\(partFailure.failure)")
            }
            let isAsked = !collected.skipped.contains(part)
            return Row(subject: "  \(part)", isWell: true, finding: isAsked ? "" : "does not apply to this server")
        }
        let remedies = collected.remedy.map { [(subject: source.name, line: $0)] } ?? []
        return Check(rows: [whole] + remarks + parts, remedies: remedies)
    }
}
