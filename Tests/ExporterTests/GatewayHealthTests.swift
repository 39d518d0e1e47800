import Metrics
import Testing

@testable import Exporter
@testable import Traffic

private struct WireStandIn: Collector {
    let name = "wire"
    let parts = [WireCollector.capturePart]

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
}

/// The component `gateway`: there when a threshold asks for it, and what it says of the last minute.
@Suite struct GatewayHealthTests {
    private let start = ContinuousClock.now

    private func health(_ flags: [String], _ window: GatewayWindow?, failure: String? = nil) throws -> ComponentHealth?
    {
        let source = Source(
            collector: WireStandIn(), address: "", isOneOfSeveral: false, interval: .seconds(1), timeout: .seconds(1),
            up: nil, retry: nil)
        var report = Report(source)
        let partFailures = failure.map {
            [Collected.PartFailure(part: WireCollector.capturePart, failure: CollectorFailure(.denied, $0))]
        }
        report.record(
            .success(Collected(partFailures: partFailures ?? [])), duration: .milliseconds(1), at: start, time: .now)
        let settings = try Settings(flags: try Arguments(flags).flags)
        let components = HealthRules(settings, gateway: window).components
        return Health(components, [report]).components.first { $0.name == "gateway" }?.health
    }

    /// - Parameter milliseconds: the latency of all requests.
    private func totals(_ requests: UInt64, errors: UInt64 = 0, milliseconds: UInt64 = 10) -> HTTPTotals {
        var totals = HTTPTotals()
        (totals.requests, totals.errors) = (requests, errors)
        totals.latencies[NativeScale.shared.place(of: milliseconds * 1_000_000)] = requests
        return totals
    }

    private func window(_ totals: HTTPTotals) -> GatewayWindow {
        let window = GatewayWindow()
        window.take(HTTPTotals(), at: start)
        window.take(totals, at: start + .seconds(30))
        return window
    }

    @Test func nobodyIsJudgedUnasked() throws {
        #expect(try health([], window(totals(1_000, errors: 1_000))) == nil)
    }

    @Test(arguments: [(49, HealthStatus.healthy), (50, .degraded), (199, .degraded), (200, .unhealthy)])
    func errorsAreJudged(errors: Int, status: HealthStatus) throws {
        let health = try health(["--health.gateway-error-rate=5,20"], window(totals(1_000, errors: UInt64(errors))))
        #expect(health?.status == status)
        let percent = Figure.short(Double(errors) / 10)
        #expect(health?.message.hasPrefix("\(percent) % of 1000 requests failed, P95") == true)
    }

    @Test(arguments: [(300, HealthStatus.healthy), (600, .degraded), (1_200, .unhealthy)])
    func latencyIsJudged(milliseconds: Int, status: HealthStatus) throws {
        let slow = window(totals(1_000, errors: 1_000, milliseconds: UInt64(milliseconds)))
        #expect(try health(["--health.gateway-p95=500,1000"], slow)?.status == status)
    }

    @Test func whatIsUnknownIsNoVerdict() throws {
        let flags = ["--health.gateway-p95=500,1000"]
        #expect(try health(flags, window(totals(19, errors: 19)))?.message == "too little traffic to judge")
        #expect(try health(flags, GatewayWindow())?.status == .healthy)
        let unread = try health(flags, nil)
        #expect(unread?.status == .degraded && unread?.message.contains("--wire.http-ports") == true)
        let blind = try health(flags, window(totals(1_000)), failure: "no capability")
        #expect(blind?.status == .degraded && blind?.message == "unknown: no capability")
    }

    @Test func onlyTheLastMinuteCounts() {
        let window = GatewayWindow()
        for second in 0...120 {
            // One error a second in the first minute, none later.
            let errors = UInt64(Swift.min(second, 60))
            window.take(totals(UInt64(second) * 10, errors: errors), at: start + .seconds(second))
        }
        #expect(window.figures?.requests == 600 && window.figures?.errors == 0)
    }

    @Test func quantileIsKnownToNinePercent() throws {
        var totals = HTTPTotals()
        #expect(totals.quantile(0.95) == nil)
        for millisecond in 1...1_000 as ClosedRange<UInt64> {
            totals.latencies[NativeScale.shared.place(of: millisecond * 1_000_000)] += 1
        }
        #expect(abs(try #require(totals.quantile(0.95)) - 0.95) < 0.09)
        #expect(abs(try #require(totals.quantile(0.5)) - 0.5) < 0.05)
    }
}
