import Foundation
import TestKit
import Testing

/// What the newest Prometheus makes of the latencies on the wire, which are histograms of both kinds.
@Suite struct NativeHistogramTests {
    private static let flags = ["--redis.interval=500ms", "--wire.interfaces=lo", "--wire.buffer=64MiB"]
    private static let both = "    always_scrape_classic_histograms: true"

    private func started(_ more: [String] = []) async throws -> (RedisServer, Sidelong) {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.flags + more)
        try await sidelong.captures()
        return (redis, sidelong)
    }

    /// Waits until a scrape has brought what an expression asks for.
    private func shows(_ prometheus: PrometheusServer, _ expression: String, _ expected: Double) async throws {
        try await eventually("\(expression) is \(expected): \(prometheus.output)", within: .seconds(60)) {
            try prometheus.series(expression).first?.value == expected
        }
    }

    /// 25 key groups with six commands each: what costs fifteen series as classic buckets is one.
    @Test(arguments: [
        ([], "", 2250), (["native-histograms"], "", 150), (["native-histograms"], Self.both, 2400),
    ])
    func groupsAndCommandsCostSoManySeries(features: [String], scrape: String, series: Double) async throws {
        let (redis, sidelong) = try await started(["--keys.max-histograms=1000"])
        let words =
            "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar "
            + "papa quebec romeo sierra tango uniform victor whiskey xray yankee"
        var commands = ""
        for word in words.split(separator: " ") {
            for command in [
                "SET \(word):1 v", "GET \(word):1", "STRLEN \(word):1", "EXISTS \(word):1", "TTL \(word):1",
            ] {
                commands += command + "\r\n"
            }
            commands += "DEL \(word):1\r\n"
        }
        let socket = try RawSocket(port: redis.port)
        for command in commands.split(separator: "\r\n") {
            try socket.send(command + "\r\n")
            _ = try socket.receive()
        }
        let pairs = "redis_key_command_duration_seconds_count"
        try await eventually("150 pairs") {
            try sidelong.page().split(separator: "\n").count { $0.hasPrefix(pairs) } == 150
        }
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(sidelong.port)"], scrape: scrape, version: .newest, features: features)
        try await shows(prometheus, #"count({__name__=~"redis_key_command_duration_seconds.*"})"#, series)
    }

    /// Every value that stays the same between two text pages is what Prometheus has stored in between. What Redis says
    /// of its memory may go there and back meanwhile; so there may be several tries, and one of them has no difference.
    @Test(arguments: [
        ([], ""), ([], Self.both), (["native-histograms"], ""), (["native-histograms"], Self.both),
    ])
    func whatIsStoredIsTheTextPage(features: [String], scrape: String) async throws {
        let (redis, sidelong) = try await started()
        let benchmark = try ServerProcess.run(
            "redis-benchmark", ["-p", "\(redis.port)", "-n", "3000", "-c", "5", "-r", "1000", "-t", "set,get", "-q"])
        #expect(benchmark.status == 0, "\(benchmark.output)")
        try await sidelong.waits(for: .wire("get"), toBe: 3000)
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(sidelong.port)"], scrape: scrape, version: .newest, features: features)
        var comparison = try await self.comparison(of: sidelong, with: prometheus)
        for _ in 0..<20 where !comparison.differences.isEmpty {
            comparison = try await self.comparison(of: sidelong, with: prometheus)
        }
        #expect(comparison.differences == [])
        let isNative = features.contains("native-histograms")
        #expect((comparison.native > 0) == isNative)
        // Where only native ones are kept, those series are gone that they stand for.
        let missing = comparison.missing
        let gone = isNative && scrape.isEmpty ? missing.filter { $0.contains("_bucket{") } : []
        #expect(missing.count == gone.count, "\(missing.sorted().prefix(5))")
        #expect(gone.isEmpty != (isNative && scrape.isEmpty))
    }

    /// What Prometheus has stored beside two pages between which it was.
    private struct Comparison {
        var differences: [String] = []
        /// How many native histograms there are.
        var native = 0
        /// Series that both pages have and Prometheus has not.
        var missing: Set<String> = []
    }

    private func comparison(of sidelong: Sidelong, with prometheus: PrometheusServer) async throws -> Comparison {
        let before = try values(of: sidelong)
        let scrapes = #"count_over_time(up[10m])"#
        let earlier = try prometheus.series(scrapes).first?.value ?? 0
        try await eventually("two scrapes") { try prometheus.series(scrapes).first?.value ?? 0 >= earlier + 2 }
        let stored = try prometheus.series(#"{job="sidelong"}"#)
        let after = try values(of: sidelong)
        let steady = before.filter { series, value in after[series]?.bitPattern == value.bitPattern }
        #expect(steady.count > before.count / 2)

        var comparison = Comparison()
        comparison.missing = Set(steady.keys)
        for series in stored {
            if let histogram = series.histogram {
                comparison.native += 1
                try compare(histogram, of: series.labels, with: steady, &comparison)
            } else if let value = steady[identity(series.labels)] {
                compare(series.value, identity(series.labels), with: value, &comparison)
            }
        }
        return comparison
    }

    private func compare(_ stored: Double, _ series: String, with value: Double, _ comparison: inout Comparison) {
        comparison.missing.remove(series)
        if stored.bitPattern != value.bitPattern { comparison.differences.append("\(series): \(stored), not \(value)") }
    }

    /// Count and sum are the page's, and so many observations lie below each classic bound as the page says, as far as
    /// a native bucket is on one side of it.
    private func compare(
        _ histogram: PrometheusServer.NativeBuckets, of labels: [String: String], with page: [String: Double],
        _ comparison: inout Comparison
    ) throws {
        let name = labels["__name__"] ?? ""
        for (suffix, stored) in [("_count", histogram.count), ("_sum", histogram.sum)] {
            let series = identity(labels.merging(["__name__": name + suffix]) { $1 })
            if let value = page[series] { compare(stored, series, with: value, &comparison) }
        }
        #expect(histogram.buckets.reduce(0) { $0 + $1.count } == histogram.count)
        for bound in [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5] {
            let more = ["__name__": name + "_bucket", "le": bound == 0.00005 ? "5e-05" : "\(bound)"]
            guard let classic = page[identity(labels.merging(more) { $1 })] else { continue }
            let below = histogram.buckets.filter { $0.upper <= bound }.reduce(0) { $0 + $1.count }
            let touched = histogram.buckets.filter { $0.lower < bound }.reduce(0) { $0 + $1.count }
            if !(below <= classic && classic <= touched) {
                comparison.differences.append("\(name) \(labels) \(bound): \(classic), not \(below) to \(touched)")
            }
        }
    }

    /// The text page's values by name and labels.
    private func values(of sidelong: Sidelong) throws -> [String: Double] {
        var values: [String: Double] = [:]
        for line in try sidelong.page().split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            let series = line[..<space]
            let name = series.prefix { $0 != "{" }
            var labels = ["__name__": String(name)]
            // Values of this page have neither quotes nor commas with a quote before.
            for pair in series.dropFirst(name.count + 1).dropLast().components(separatedBy: "\",") where !pair.isEmpty {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                labels[parts[0]] = parts[1].replacing("\"", with: "")
            }
            values[identity(labels)] = Double(line[line.index(after: space)...])
        }
        return values
    }

    /// Bounds and quantiles are numbers, which Prometheus writes in its own way.
    private func identity(_ labels: [String: String]) -> String {
        let shown = labels.filter { $0.key != "instance" && $0.key != "job" && $0.key != "__name__" }.map {
            name, value in
            let number = name == "le" || name == "quantile" ? Double(value).map { "\($0)" } : nil
            return "\(name)=\(number ?? value)"
        }
        return (labels["__name__"] ?? "") + "{" + shown.sorted().joined(separator: ",") + "}"
    }

    /// A wait of BLPOP that nobody ends is at least as long as the client asked for, to the millisecond that Redis
    /// counts in, and at most as long as it took by the client's clock. In between is how late both were.
    @Test func quantilesAreThoseOfTheClientAndOfTheClassicBuckets() async throws {
        let (redis, sidelong) = try await started()
        let folder = try TemporaryFolder()
        try folder.write(Self.client, to: "client.py")
        let client = try ServerProcess("/usr/bin/python3", ["client.py", "\(redis.port)"], in: folder)
        #expect(try await client.exitStatus(within: .seconds(120)) == 0, "\(client.output)")
        let waits = client.output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
        try #require(waits.count == 1000 && waits.allSatisfy { $0.count == 2 }, "\(client.output)")
        let (asked, taken) = (waits.map { $0[0] }.sorted(), waits.map { $0[1] }.sorted())
        let family = "redis_blocking_command_duration_seconds"
        try await sidelong.waits(for: family + #"_count{command="blpop"}"#, toBe: 1000)
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(sidelong.port)"], scrape: Self.both, version: .newest,
            features: ["native-histograms"])
        try await shows(prometheus, "histogram_count(\(family))", 1000)
        // A bucket's bounds are 2^(1/8) apart, and the quantile is somewhere in the bucket of its observation.
        let width = exp2(1.0 / 8)
        for (share, rank) in [(0.5, 500), (0.99, 990), (0.999, 999)] {
            let native = try #require(try prometheus.series("histogram_quantile(\(share), \(family))").first).value
            let classic = try #require(try prometheus.series("histogram_quantile(\(share), \(family)_bucket)").first)
                .value
            let (shortest, longest) = (asked[rank - 1] - 0.001, taken[rank - 1])
            #expect(
                shortest / width < native && native < longest * width,
                "\(share): \(native), the client asked for \(shortest) and has \(longest)")
            let bounds = [0, 0.025, 0.1, 0.5, 2.5]
            let bucket = zip(bounds, bounds.dropFirst()).first { $0.0 < native && native <= $0.1 }
            #expect(bucket.map { $0.0 < classic && classic <= $0.1 } == true, "\(share): \(native), \(classic)")
        }
    }

    /// A thousand waits of 120 to 400 ms, on twenty connections at once; prints how long each was to take and took.
    private static let client = """
        import random, socket, sys, threading, time
        def work(seed):
            dice, times = random.Random(seed), []
            connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(50):
                wait = round(dice.uniform(0.12, 0.4), 3)
                command = b"BLPOP none %.3f\\r\\n" % wait
                begin = time.monotonic()
                connection.sendall(command)
                answer = connection.recv(100)
                times.append((wait, time.monotonic() - begin))
                assert answer == b"*-1\\r\\n", answer
            everything.extend(times)
        everything = []
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(20)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        print("\\n".join("%r %r" % times for times in everything))
        """

    /// Neither the server's counters nor Sidelong's own seem to grow because Sidelong was started anew.
    @Test func aRestartIsNoGrowth() async throws {
        let redis = try await RedisServer()
        let port = try freePort()
        let arguments = ["--redis.addr=\(redis.address)"] + Self.flags
        var sidelong: Sidelong? = try await Sidelong(arguments, on: port)
        try await sidelong?.captures()
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(port)"], version: .newest,
            features: ["native-histograms", "created-timestamp-zero-ingestion"])
        let sets = #"redis_commands_total{cmd="set"}"#
        try await eventually("a scrape") { try prometheus.query("redis_up == 1") == 1 }
        for number in 0..<200 { try redis.cli("SET", "k\(number)", "v") }
        try await shows(prometheus, sets, 200)
        sidelong?.process.kill()
        _ = try await sidelong?.process.exitStatus()
        sidelong = try await Sidelong(arguments, on: port)
        try await sidelong?.captures()
        let restarted = Date()
        try await eventually("scrapes after the restart", within: .seconds(60)) {
            try prometheus.query("sum_over_time(up[\(1 + Int(-restarted.timeIntervalSinceNow))s]) >= 5") == 1
        }
        #expect(try prometheus.series("resets(\(sets)[5m])").first?.value == 0)
        #expect(try prometheus.series("increase(\(sets)[4s])").first?.value == 0)
        let wire = #"redis_command_duration_seconds{command="set",source="wire"}"#
        #expect(try prometheus.query("histogram_count(increase(\(wire)[5m])) > 400") == 0)
        #expect(try prometheus.query("histogram_count(increase(\(wire)[4s])) > 0") == 0)
    }
}
