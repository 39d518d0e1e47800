// `sidelong check`: every target and privilege is tried once, and a table says what works, what is missing and how to
// mend it. Meant for a terminal, an init container or a support request.

import Metrics
import Postgres
import Redis
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
    /// What mends the findings, below the table; one may mend several.
    var remedies: [Remedy] = []

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
                    group.addTask { (index, await of(source, user(of: source, configuration.settings))) }
                }
                for await (index, check) in group { results[index] = check }
            }
        }
        let remarks = configuration.settings.remarks.map {
            Row(subject: "configuration", isWell: true, finding: $0, isUnwise: true)
        }
        var checks = groups.map(\.check) + sources.indices.compactMap { results[$0] }
        let polled = sources.indices.filter { results[$0]?.rows.first?.isWell == true }.map { sources[$0].address }
        if let row = await PacketCheck.row(wire, configuration.settings, polled: Set(polled)) {
            checks.append(Check(rows: [row], remedies: [PacketCheck.remedy]))
        }
        return Check(rows: remarks + checks.flatMap(\.rows), remedies: checks.flatMap(\.remedies))
    }

    /// Whom a source logs in as; nil where that is not known.
    private static func user(of source: Source, _ settings: Settings) -> String? {
        switch source.collector.name {
        case "redis": settings[Options.redisUser] ?? settings[Options.redisAddresses].user(at: source.address)
        case "postgres": settings[Options.postgresAddresses].first { $0.target == source.address }?.user
        default: nil
        }
    }

    /// Looks once for the members of each group.
    private static func members(of groups: [SourceGroup]) async -> [(check: Check, sources: [Source])] {
        var found: [(check: Check, sources: [Source])] = []
        for group in groups {
            let members = Mutex<[SourceGroup.Member]>([])
            let check = await of(group.discovery([]) { new in members.withLock { $0 = new } }, nil)
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
        let mending = remedies.map { $0.line }
        return lines.joined() + mending.joined()
            + (missing == 0 ? "Everything works.\n" : "\(missing) of \(rows.count) not available.\n")
    }

    private static func of(_ source: Source, _ user: String?) async -> Check {
        let started = ContinuousClock.now
        let collected: Collected
        do throws(CollectorFailure) {
            collected = try await source.collector.collect(before: .after(source.timeout))
        } catch {
            let text = Remedy.text(for: error, of: source.collector.name, user: user)
            return Check(
                rows: [Row(subject: source.name, isWell: false, finding: "\(error)")],
                remedies: text.map { [Remedy(subject: source.name, text: $0)] } ?? [])
        }
        let time = Figure.time(started.duration(to: .now).seconds)
        let families = collected.samples.families.count
        // A source that brings nothing says why, where it can.
        let isEmpty = families == 0 && !collected.remarks.isEmpty
        let finding = isEmpty ? collected.remarks[0].message : "\(families) families in \(time)"
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
        let line = collected.remedy.map { Remedy(subject: source.name, text: $0, isLine: true) }
        let others = collected.partFailures.compactMap { part in
            Remedy.text(forPart: part.part, part.failure).map { Remedy(subject: part.part, text: $0) }
        }
        return Check(rows: [whole] + remarks + parts, remedies: (line.map { [$0] } ?? []) + others)
    }
}

extension [RedisPlace] {
    /// The user that the address of a server names.
    fileprivate func user(at label: String) -> String? {
        for case .server(let address) in self where address.label == label { return address.user }
        return nil
    }
}
