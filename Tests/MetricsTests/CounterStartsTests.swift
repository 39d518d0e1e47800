import Testing

@testable import Metrics

/// Starts of counters over several polls: they are the server's, and move when a counter falls.
@Suite struct CounterStartsTests {
    private static let server = Descriptor(.gauge, "server_start_time_seconds", help: "Start.")
    private static let commands = Descriptor(.counter, "commands_total", labels: ["cmd"], help: "Commands.")
    private static let latency = Descriptor(.histogram, "latency_seconds", help: "Latency.")

    /// A source that is polled again and again.
    private struct Polls {
        let origin: CounterStarts.Origin
        private var last: CounterStarts.Polled?
        private(set) var samples = Samples()

        init(_ origin: CounterStarts.Origin) { self.origin = origin }

        mutating func poll(at seconds: Double, _ fill: (inout Samples) -> Void) {
            samples = Samples()
            fill(&samples)
            let time = Moment(seconds: seconds)!
            last = .init(samples, CounterStarts(of: samples, from: origin, after: last, at: time), at: time)
        }

        /// The start of each series of a family by its first label, as the page has it.
        func starts(_ descriptor: Descriptor) -> [String: Double] {
            let contribution = Exposition.Contribution(samples, starts: last?.starts ?? CounterStarts())
            let family = Exposition([contribution]).families.first { $0.descriptor === descriptor }
            let series = family?.series.compactMap { series in
                series.sample.start.map { (series.sample.labels.first ?? "", Double($0.nanoseconds) / 1e9) }
            }
            return Dictionary(uniqueKeysWithValues: series ?? [])
        }
    }

    private func fill(_ start: Double, _ counts: KeyValuePairs<String, Double>) -> (inout Samples) -> Void {
        { samples in
            samples.add(Self.server, start)
            for (command, count) in counts { samples.add(Self.commands, count, command) }
        }
    }

    @Test func theyAreTheServersAndStay() {
        var polls = Polls(.server("server_start_time_seconds"))
        polls.poll(at: 1000, fill(500, ["get": 5]))
        // What the server tells of its start may tremble; new series began with it too.
        polls.poll(at: 1010, fill(501, ["get": 5, "set": 1]))
        polls.poll(at: 1020, fill(499, ["set": 2, "get": 6]))
        #expect(polls.starts(Self.commands) == ["get": 500, "set": 501])
        #expect(polls.starts(Self.server).isEmpty)
    }

    @Test func theyMoveForWhatFellAndNothingElse() {
        var polls = Polls(.server("server_start_time_seconds"))
        polls.poll(at: 1000, fill(500, ["get": 5, "set": 9]))
        polls.poll(at: 1010, fill(500, ["get": 1, "set": 9]))
        #expect(polls.starts(Self.commands) == ["get": 1000, "set": 500])
        polls.poll(at: 1020, fill(500, ["set": 10, "get": 1]))
        #expect(polls.starts(Self.commands) == ["get": 1000, "set": 500])
    }

    @Test func afterARestartTheyAreTheNewServers() {
        var polls = Polls(.server("server_start_time_seconds"))
        polls.poll(at: 1000, fill(500, ["get": 5]))
        polls.poll(at: 1030, fill(1020, ["get": 1]))
        #expect(polls.starts(Self.commands) == ["get": 1020])
    }

    /// A server that keeps its counters over a restart, as Postgres does.
    @Test func aRestartThatKeepsACounterKeepsItsStart() {
        var polls = Polls(.server("server_start_time_seconds"))
        polls.poll(at: 1000, fill(500, ["get": 5]))
        polls.poll(at: 1030, fill(1020, ["get": 5]))
        #expect(polls.starts(Self.commands) == ["get": 500])
    }

    @Test func onTheWireASeriesBeginsAfterThePollThatDidNotHaveIt() {
        var polls = Polls(.firstSight)
        polls.poll(at: 1000, fill(0, ["get": 5]))
        polls.poll(at: 1001, fill(0, ["get": 5, "set": 1]))
        polls.poll(at: 1002, fill(0, ["set": 2, "get": 6]))
        #expect(polls.starts(Self.commands) == ["get": 1000, "set": 1000])
        polls.poll(at: 1003, fill(0, ["set": 2, "get": 6, "del": 3]))
        #expect(polls.starts(Self.commands)["del"] == 1002)
    }

    @Test func aServerThatTellsWhenItResetIsBelieved() {
        let reset = Descriptor(.counter, "pg_stat_database_stats_reset", labels: ["datname"], help: "Reset.")
        let rows = Descriptor(.counter, "pg_stat_database_rows_total", labels: ["datname"], help: "Rows.")
        var polls = Polls(.server("server_start_time_seconds"))
        func poll(at time: Double, _ resetTime: Double, _ count: Double) {
            polls.poll(at: time) { samples in
                samples.add(Self.server, 500)
                samples.add(rows, count, "a")
                samples.add(rows, count, "b")
                samples.add(reset, resetTime, "a")
            }
        }
        poll(at: 1000, 700, 5)
        #expect(polls.starts(rows) == ["a": 700, "b": 500])
        poll(at: 1010, 1007, 1)
        #expect(polls.starts(rows) == ["a": 1007, "b": 1000])
    }

    @Test func histogramsFallWithTheirCounts() {
        var polls = Polls(.firstSight)
        for (time, counts) in [(1000.0, [3, 1]), (1010, [1, 3]), (1020, [0, 3])] as [(Double, [UInt64])] {
            polls.poll(at: time) { samples in
                let value = HistogramValue(buckets: .init([1]), counts: counts, sum: 1)
                samples.add(Self.latency, Sample(value: .histogram(value)))
            }
            #expect(polls.starts(Self.latency) == ["": time < 1020 ? 1000 : 1010])
        }
    }

    @Test func ofASourceThatTellsNothingOnlyAFallIsKnown() {
        var polls = Polls(.unknown)
        polls.poll(at: 1000, fill(0, ["get": 5]))
        #expect(polls.starts(Self.commands).isEmpty)
        polls.poll(at: 1010, fill(0, ["get": 4]))
        #expect(polls.starts(Self.commands) == ["get": 1000])
    }
}
