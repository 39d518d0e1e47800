// Every family that can be on the page, for docs/metrics.md and for the lint of our own names.

import Capture
import Host
import Metrics
import Postgres
import Redis
import Traffic

/// The descriptors of all rooms, by subject.
enum Catalogue {
    static let sections: [(title: String, descriptors: [Descriptor])] = [
        ("Redis", [Sources.redisUp] + RedisTarget.descriptors),
        ("Postgres", [Sources.postgresUp] + PostgresTarget.descriptors),
        ("PgBouncer", [Sources.pgBouncerUp] + PgBouncerTarget.descriptors),
        ("Traffic", traffic),
        ("The machine and the container", Host.all),
        ("Sidelong itself", Report.descriptors + PageStore.descriptors),
        ("redis_exporter's names about itself", RedisExporterSamples.descriptors),
    ]

    /// What is measured on the network; a family that Redis fills as well stands with Redis' own.
    private static var traffic: [Descriptor] {
        let all =
            RedisTrafficFamilies.all + PostgresTrafficFamilies.all + HTTPTrafficFamilies.all + WireFamilies.all
            + CaptureFamilies.all + WireCollector.descriptors
        let polled = RedisTarget.descriptors + PostgresTarget.descriptors
        return all.filter { descriptor in !polled.contains { $0 === descriptor } }
    }

    /// docs/metrics.md.
    ///
    /// - Parameter page: a page of a plain Redis, from which the series of each family are counted.
    static func markdown(page: String) -> String {
        let counts = seriesCounts(in: page)
        let tables = sections.map { section in
            let rows = section.descriptors.sorted { $0.name < $1.name }.map { descriptor in
                let labels = descriptor.labels.map { "`\($0)`" }.joined(separator: ", ")
                let series = counts[descriptor.name].map { "\($0)" } ?? cost(of: descriptor)
                return "| `\(descriptor.name)` | \(descriptor.kind.rawValue) | \(labels) | \(series) | "
                    + "\(descriptor.help.replacingPipes) |"
            }
            return """
                ## \(section.title)

                | Family | Type | Labels | Series | Meaning |
                |---|---|---|---|---|
                \(rows.joined(separator: "\n"))
                """
        }
        return """
            # Metrics

            Generated from the descriptors by `make docs`; a test fails when it is stale.

            The column Series says what a family costs: a number is counted on a plain Redis 7.0 with a handful of commands in
            use, the golden page, which has \(counts.values.reduce(0, +)) series. The others appear where there is something to
            show, and then cost `1`, or what is given for `each` set of label values: a latency histogram with the default buckets
            is \(histogramCost) series for each key group and command, user, or whatever its labels are. `--keys.max-groups` and
            `--keys.max-histograms` bound the dear ones, `--metrics.exclude` switches families off by name.

            Three groups of families take their names from the server or the operator and are not listed: fields of CLUSTER INFO
            as `redis_cluster_*`, settings of Postgres as `pg_settings_*` in base units, and what the queries file defines.

            \(tables.joined(separator: "\n\n"))

            """
    }

    /// The series of one histogram: its buckets, the one without bound, sum and count.
    private static let histogramCost = Buckets.latency.bounds.count + 3

    /// What a family that is not on the golden page costs once it appears.
    private static func cost(of descriptor: Descriptor) -> String {
        switch (descriptor.kind, descriptor.labels.isEmpty) {
        case (.histogram, false): "\(histogramCost) each"
        // Not a latency: it has buckets of its own, and fewer.
        case (.histogram, true): "< \(histogramCost)"
        // Powers of two, up to a thousand million and beyond.
        case (.gaugeHistogram, _): "32 each"
        case (_, false): "1 each"
        case (_, true): "1"
        }
    }

    /// Sample lines per family: a histogram's buckets, sum and count all count.
    static func seriesCounts(in page: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        var family = ""
        for line in page.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                family = String(line.dropFirst("# TYPE ".count).prefix { $0 != " " })
            } else if !line.hasPrefix("#") {
                counts[family, default: 0] += 1
            }
        }
        return counts
    }
}

extension String {
    /// The text for a cell of a Markdown table.
    fileprivate var replacingPipes: String {
        split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
