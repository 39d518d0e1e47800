import Foundation
import TestKit
import Testing

/// Gives the suite one loaded stack, which ends with it.
struct OnLoadedStack: SuiteTrait, TestScoping {
    @TaskLocal private static var current: LoadedStack?

    static var stack: LoadedStack {
        get throws { try #require(current) }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let stack = try await LoadedStack()
        try await Self.$current.withValue(stack) { try await function() }
        stack.stop()
    }
}

/// Every query returns data from a Prometheus that scrapes a stack under load.
@Suite(OnLoadedStack()) struct LiveQueryTests {
    /// Long enough for rates over a scrape a second on a busy machine, short enough to fill soon.
    private static let interval = "15s"

    @Test(arguments: Dashboard.all) func panelsHaveData(dashboard: Dashboard) async throws {
        try await haveData(dashboard.queries)
    }

    @Test func redisExportersDashboardsHaveData() async throws {
        try await haveData(redisExporterQueries)
    }

    @Test func theDocumentedQueriesHaveData() async throws {
        #expect(documentedQueries.count == 30)
        try await haveData(documentedQueries)
    }

    /// The panels of latencies, in a Prometheus that has stored the native histograms and no buckets.
    @Test func latenciesAreShownOfNativeHistogramsAlone() async throws {
        let stack = try OnLoadedStack.stack
        let native = try await PrometheusServer(
            targets: [stack.sidelong, stack.secondSidelong].map { "127.0.0.1:\($0.port)" }, version: .newest,
            features: ["native-histograms"])
        let queries = Dashboard.all.flatMap(\.queries).filter { $0.expression.contains("histogram_") }
        #expect(queries.count > 20)
        try await haveData(queries, in: native)
        #expect(try native.query("http_request_duration_seconds_bucket") == 0)
    }

    @Test(arguments: Dashboard.all) func variablesHaveChoices(dashboard: Dashboard) async throws {
        let prometheus = try OnLoadedStack.stack.prometheus
        for variable in dashboard.templating.list.dropFirst() where !variable.isOfLegends {
            let (selector, label) = try #require(variable.choices)
            let choices = "count by (\(label)) (\(selector.filled(over: Self.interval)))"
            try await eventually("choices of \(variable.name)") {
                try prometheus.series(choices).contains { $0.labels[label] != nil }
            }
        }
    }

    /// Two instances are told apart in a legend, the targets of one instance by target, and a single one not at all.
    @Test func legendsSayWhatDiffersOnly() async throws {
        let stack = try OnLoadedStack.stack
        let redis = try #require(Dashboard.all.first { $0.uid == "sidelong-redis" })
        func legend(_ name: String, _ chosen: [String: String]) throws -> String? {
            let variable = try #require(redis.templating.list.first { $0.name == name })
            #expect(variable.regex == #"/legend="([^"]*)"/"#)
            let query = try #require(variable.legendQuery).filled(over: Self.interval, chosen)
            let series = try stack.prometheus.series(query)
            #expect(series.count == 1)
            return series.first?.labels["legend"]
        }
        let (alone, withTargets) = ("127.0.0.1:\(stack.sidelong.port)", "127.0.0.1:\(stack.secondSidelong.port)")
        try await eventually("both instances") { try legend("where", [:]) == "{{instance}} {{target}}" }
        #expect(try legend("here", [:]) == "{{instance}}")
        #expect(try legend("where", ["instance": alone]) == " ")
        #expect(try legend("here", ["instance": alone]) == " ")
        #expect(try legend("where", ["instance": withTargets]) == "{{target}}")
        #expect(try legend("where", ["instance": withTargets, "target": stack.replica.address]) == " ")
    }

    /// One of several servers behind one Sidelong can be chosen, and the labels of the others do not come along.
    @Test(arguments: Dashboard.all.filter { $0.templating.list.contains { $0.name == "target" } })
    func targetsAreToldApart(dashboard: Dashboard) async throws {
        let stack = try OnLoadedStack.stack
        let postgres = "127.0.0.1:\(stack.standby.port)"
        let target = dashboard.uid == "sidelong-postgres" ? postgres : stack.replica.address
        let instance = "127.0.0.1:\(stack.secondSidelong.port)"
        let narrow = dashboard.queries.filter { $0.expression.contains("$target") }
        try await eventually("series of \(target)") {
            let series = try narrow.flatMap {
                try stack.prometheus.series($0.filled(over: Self.interval, ["instance": instance, "target": target]))
            }
            let targets = Set(series.compactMap { $0.labels["target"] })
            #expect(targets.isSubset(of: [target]))
            return targets == [target]
        }
    }

    /// The pictures of the documentation can be drawn from any Prometheus.
    @Test func picturesAreDrawn() throws {
        let folder = try TemporaryFolder()
        let script = Project.root.appending(path: "grafana/pictures").path
        let result = try ServerProcess.run(
            "python3",
            [script, "--prometheus=http://127.0.0.1:\(OnLoadedStack.stack.prometheus.port)", folder.url.path])
        #expect(result.status == 0, "\(result.output)")
        for file in Dashboard.files {
            let name = URL(filePath: file).deletingPathExtension().lastPathComponent + ".svg"
            let wellFormed = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])"
            let parsed = try ServerProcess.run("python3", ["-c", wellFormed, folder.path(name)])
            #expect(parsed.status == 0, "\(name): \(parsed.output)")
            #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8).contains("<rect"))
        }
    }

    /// Waits until each query has returned at least one series with a number.
    private func haveData(_ queries: [Query], in other: PrometheusServer? = nil) async throws {
        let prometheus = try other ?? OnLoadedStack.stack.prometheus
        var pending = queries
        do {
            // The slowest are statistics that Sidelong reads every 30 seconds and that have to be seen to change.
            try await eventually("data for all queries", within: .seconds(90)) {
                pending = try pending.filter { query in
                    try !prometheus.series(query.filled(over: Self.interval)).contains { !$0.value.isNaN }
                }
                if !pending.isEmpty { try await Task.sleep(for: .milliseconds(300)) }
                return pending.isEmpty
            }
        } catch {
            for query in pending {
                Issue.record("no data for \(query.place): \(query.filled(over: Self.interval)): \(error)")
            }
        }
    }
}
