import Metrics
import Testing

@Suite struct ExpositionTests {
    private func page(_ samples: Samples..., format: ExpositionFormat = .text) -> String {
        String(decoding: Exposition(samples.map { .init($0) }).page(in: format), as: UTF8.self)
    }

    /// Two names that Swift calls equal are two to Prometheus: neither may hide the other.
    @Test func namesThatDifferInUnicodeFormAreTwoSeries() {
        let family = Descriptor(.gauge, "keys", labels: ["name", "more"], help: "Keys.")
        // The last pair has the same length: two marks in another order.
        let names = ["caf\u{e9}", "cafe\u{301}", "\u{212b}", "\u{c5}", "a\u{323}\u{307}", "a\u{307}\u{323}"]
        var samples = Samples()
        for more in ["2", "1"] { for name in names { samples.add(family, 1, name, more) } }
        samples.add(family, 2, names[0], "1")
        let exposition = Exposition([.init(samples)])
        #expect(exposition.families[0].series.count == 2 * names.count && exposition.duplicates == 1)
        var backwards = Samples()
        for more in ["1", "2"] { for name in names.reversed() { backwards.add(family, 1, name, more) } }
        let other = Exposition([.init(backwards)])
        #expect(other.families[0].series.count == 2 * names.count && other.duplicates == 0)
        #expect(Set(names.map(ForeignName.init)).count == names.count && Set(names).count == names.count / 2)
        #expect(ForeignName(names[0]) == ForeignName("caf\u{e9}"))
    }

    @Test func counterKeepsTotalInTextAndMovesItToTheSampleInOpenMetrics() {
        var samples = Samples()
        let commands = Descriptor(
            .counter, "redis_commands_duration_seconds_total", labels: ["cmd"], help: "Time, from commandstats.")
        samples.add(commands, 1.5, "get")
        #expect(
            page(samples) == """
                # HELP redis_commands_duration_seconds_total Time, from commandstats.
                # TYPE redis_commands_duration_seconds_total counter
                redis_commands_duration_seconds_total{cmd="get"} 1.5

                """)
        #expect(
            page(samples, format: .openMetrics) == """
                # TYPE redis_commands_duration_seconds counter
                # UNIT redis_commands_duration_seconds seconds
                # HELP redis_commands_duration_seconds Time, from commandstats.
                redis_commands_duration_seconds_total{cmd="get"} 1.5
                # EOF

                """)
    }

    @Test func counterWithoutTotalIsUnknownInOpenMetrics() {
        var samples = Samples()
        samples.add(Descriptor(.counter, "redis_total_reads_processed", help: "Reads."), 7)
        #expect(page(samples).contains("# TYPE redis_total_reads_processed counter\n"))
        #expect(page(samples, format: .openMetrics).contains("# TYPE redis_total_reads_processed unknown\n"))
    }

    /// Python's client library writes it like this as well: text has one kind of histogram.
    @Test func gaugeHistogramHasBucketsAndNothingElse() {
        var samples = Samples()
        let value = HistogramValue(buckets: Buckets([0, 1]), counts: [1, 2, 3], sum: .nan)
        let family = Descriptor(.gaugeHistogram, "keys_by_size", labels: ["db"], help: "Keys.")
        samples.add(family, Sample(labels: ["db0"], value: .histogram(value)))
        let series = """
            keys_by_size_bucket{db="db0",le="0.0"} 1
            keys_by_size_bucket{db="db0",le="1.0"} 3
            keys_by_size_bucket{db="db0",le="+Inf"} 6

            """
        #expect(page(samples) == "# HELP keys_by_size Keys.\n# TYPE keys_by_size histogram\n" + series)
        #expect(
            page(samples, format: .openMetrics) == "# TYPE keys_by_size gaugehistogram\n# HELP keys_by_size Keys.\n"
                + series + "# EOF\n")
    }

    @Test func infoIsAGaugeInTextAndHasNoUnit() {
        var samples = Samples()
        samples.add(Descriptor(.info, "redis_instance_info", labels: ["role"], help: "Facts."), 1, "master")
        #expect(page(samples).contains("# TYPE redis_instance_info gauge\nredis_instance_info{role=\"master\"} 1\n"))
        let openMetrics = page(samples, format: .openMetrics)
        #expect(openMetrics.contains("# TYPE redis_instance info\n"))
        #expect(openMetrics.contains("redis_instance_info{role=\"master\"} 1\n"))
        #expect(!openMetrics.contains("# UNIT"))
    }

    @Test func histogramIsCumulativeWithFloatBounds() {
        var histogram = Histogram(Buckets.seconds([0.00005, 0.001, 1]))
        for nanoseconds: UInt64 in [50_000, 50_001, 1_000_000_000, 2_000_000_000] { histogram.record(nanoseconds) }
        var samples = Samples()
        let descriptor = Descriptor(.histogram, "d_seconds", labels: ["command"], help: "Latency.")
        samples.add(descriptor, Sample(labels: ["get"], value: .histogram(histogram.value)))
        #expect(
            page(samples) == """
                # HELP d_seconds Latency.
                # TYPE d_seconds histogram
                d_seconds_bucket{command="get",le="5e-05"} 1
                d_seconds_bucket{command="get",le="0.001"} 2
                d_seconds_bucket{command="get",le="1.0"} 3
                d_seconds_bucket{command="get",le="+Inf"} 4
                d_seconds_sum{command="get"} 3.000100001
                d_seconds_count{command="get"} 4

                """)
    }

    /// The newest one of each bucket, behind the bucket's value, in the format that has them.
    @Test func exemplarsStandBehindTheirBuckets() throws {
        let time = Moment(nanoseconds: 1_700_000_000_250_000_000)
        let exemplar = try #require(Exemplar(label: "trace_id", value: "a\"b", observation: 0.05, at: time))
        let buckets = Buckets.seconds([0.1])
        var samples = Samples()
        let value = HistogramValue(buckets: buckets, counts: [3, 1], sum: 2, exemplars: [exemplar, nil])
        samples.add(Descriptor(.histogram, "d_seconds", help: "D."), Sample(value: .histogram(value)))
        #expect(
            page(samples, format: .openMetrics) == """
                # TYPE d_seconds histogram
                # UNIT d_seconds seconds
                # HELP d_seconds D.
                d_seconds_bucket{le="0.1"} 3 # {trace_id="a\\"b"} 0.05 1700000000.250
                d_seconds_bucket{le="+Inf"} 4
                d_seconds_sum 2
                d_seconds_count 4
                # EOF

                """)
        #expect(!page(samples).contains("trace_id"))
    }

    @Test func anExemplarMayNotBeTooLong() {
        let time = Moment(nanoseconds: 1)
        #expect(Exemplar(label: "id", value: String(repeating: "é", count: 126), observation: 1, at: time) != nil)
        #expect(Exemplar(label: "id", value: String(repeating: "é", count: 127), observation: 1, at: time) == nil)
    }

    @Test func summaryHasItsQuantilesSumAndCount() {
        var samples = Samples()
        let descriptor = Descriptor(.summary, "redis_latency_percentiles_usec", labels: ["cmd"], help: "Percentiles.")
        let summary = SummaryValue(quantiles: [("50", 1.003), ("99.9", 8)], sum: 12, count: 3)
        samples.add(descriptor, Sample(labels: ["get"], value: .summary(summary)))
        #expect(
            page(samples).hasSuffix(
                """
                redis_latency_percentiles_usec{cmd="get",quantile="50"} 1.003
                redis_latency_percentiles_usec{cmd="get",quantile="99.9"} 8
                redis_latency_percentiles_usec_sum{cmd="get"} 12
                redis_latency_percentiles_usec_count{cmd="get"} 3

                """))
    }

    @Test func percentagesAsQuantilesAreNoSummaryInOpenMetrics() {
        var samples = Samples()
        let descriptor = Descriptor(.summary, "p_usec", labels: ["cmd"], help: "P.")
        let summary = SummaryValue(quantiles: [("50", 1)], sum: 12, count: 3)
        samples.add(descriptor, Sample(labels: ["get"], value: .summary(summary)))
        #expect(
            page(samples, format: .openMetrics) == """
                # TYPE p_usec unknown
                # HELP p_usec P.
                p_usec{cmd="get",quantile="50"} 1
                # TYPE p_usec_sum unknown
                # HELP p_usec_sum P.
                p_usec_sum{cmd="get"} 12
                # TYPE p_usec_count unknown
                # HELP p_usec_count P.
                p_usec_count{cmd="get"} 3
                # EOF

                """)
    }

    @Test func quotesBackslashesAndLineFeedsAreEscaped() {
        var samples = Samples()
        samples.add(Descriptor(.gauge, "a", labels: ["l"], help: "say \"hi\" \\ twice\nor more"), 1, "q\"b\\n\n")
        #expect(
            page(samples) == "# HELP a say \"hi\" \\\\ twice\\nor more\n# TYPE a gauge\na{l=\"q\\\"b\\\\n\\n\"} 1\n")
        #expect(page(samples, format: .openMetrics).contains("# HELP a say \\\"hi\\\" \\\\ twice\\nor more\n"))
    }

    @Test func familiesOfSeveralCollectorsAreMergedSortedAndCarryTheirTargets() {
        let up = Descriptor(.gauge, "redis_up", help: "Up.")
        let clients = Descriptor(.gauge, "redis_clients", labels: ["kind"], help: "Clients.")
        func target(_ value: Double) -> Samples {
            var samples = Samples()
            samples.add(up, value)
            samples.add(clients, value, "b")
            samples.add(clients, value, "a")
            return samples
        }
        let exposition = Exposition([.init(target(1), target: "h:2"), .init(target(0), target: "h:1")])
        let lines = String(decoding: exposition.page(in: .text), as: UTF8.self).split(separator: "\n")
        #expect(
            lines.filter { !$0.hasPrefix("#") } == [
                "redis_clients{kind=\"a\",target=\"h:1\"} 0", "redis_clients{kind=\"a\",target=\"h:2\"} 1",
                "redis_clients{kind=\"b\",target=\"h:1\"} 0", "redis_clients{kind=\"b\",target=\"h:2\"} 1",
                "redis_up{target=\"h:1\"} 0", "redis_up{target=\"h:2\"} 1",
            ])
        #expect(lines.count { $0.hasPrefix("# TYPE") } == 2)
    }

    @Test func duplicateSeriesAreDroppedAndCounted() {
        let descriptor = Descriptor(.gauge, "a", labels: ["l"], help: "A.")
        var samples = Samples()
        for value in [1.0, 2, 3] { samples.add(descriptor, value, "same") }
        samples.add(descriptor, 4, "other")
        let exposition = Exposition([.init(samples)])
        #expect(exposition.duplicates == 2)
        #expect(String(decoding: exposition.page(in: .text), as: UTF8.self).contains("a{l=\"same\"} 1\n"))
        #expect(exposition.families.map(\.series.count).reduce(0, +) == 2)
    }

    @Test func aCounterThatIsNegativeOrNotANumberIsDroppedAndCounted() {
        let descriptor = Descriptor(.counter, "a_total", labels: ["l"], help: "A.")
        var samples = Samples()
        for (label, value) in [("good", 1), ("less", -1), ("none", Double.nan)] {
            samples.add(descriptor, value, label)
        }
        samples.add(Descriptor(.counter, "b_total", help: "B."), -5)
        let exposition = Exposition([.init(samples)])
        #expect(exposition.duplicates == 3)
        #expect(
            String(decoding: exposition.page(in: .text), as: UTF8.self)
                == "# HELP a_total A.\n# TYPE a_total counter\na_total{l=\"good\"} 1\n")
    }

    @Test func aFamilyOfAnotherKindUnderTheSameNameIsDroppedAndCounted() {
        var first = Samples()
        first.add(Descriptor(.gauge, "a", help: "First."), 1)
        var second = Samples()
        second.add(Descriptor(.counter, "a", help: "Second."), 2)
        let exposition = Exposition([.init(first), .init(second)])
        #expect(exposition.duplicates == 1)
        #expect(String(decoding: exposition.page(in: .text), as: UTF8.self).hasSuffix("# TYPE a gauge\na 1\n"))
    }

    @Test func aLabelWithoutAValueIsLeftOut() {
        var samples = Samples()
        samples.add(Descriptor(.gauge, "a", labels: ["x", "y"], help: "A."), 1, "", "1")
        samples.add(Descriptor(.gauge, "b", labels: ["x"], help: "B."), 1, "")
        #expect(page(samples).contains("a{y=\"1\"} 1\n"))
        #expect(page(samples).hasSuffix("\nb 1\n"))
    }

    @Test func namesAndLabelsThatAreNotUTF8AreMadeSafe() {
        let bytes: [UInt8] = [0x67, 0xFF, 0x2D, 0x31]
        let text = String(decoding: bytes, as: UTF8.self)
        var samples = Samples()
        samples.add(Descriptor(.gauge, text, labels: [text], help: text), 1, text)
        let lines = page(samples).split(separator: "\n")
        #expect(lines.last == "g____1{g____1=\"g\u{FFFD}-1\"} 1")
    }

    @Test func anEmptyPageIsValid() {
        #expect(page(Samples()) == "")
        #expect(page(Samples(), format: .openMetrics) == "# EOF\n")
    }
}
