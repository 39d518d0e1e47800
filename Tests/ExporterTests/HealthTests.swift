import Host
import Metrics
import Postgres
import Redis
import Testing
import Traffic

@testable import Exporter

private struct NamedCollector: Collector {
    let name: String
    let parts: [String] = []

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
}

@Suite struct HealthTests {
    private let rules: HealthRules

    init() throws {
        rules = HealthRules(try Settings())
    }

    /// The families of the rooms by name: rules find them by what they are, whatever else has their name.
    private static let families = Dictionary(
        (RedisTarget.descriptors + Host.all).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private func report(
        _ collector: String = "redis", address: String = "h:1", several: Bool = false, polls: [[String: Double]],
        milliseconds: Int = 1
    ) -> Report {
        let source = Source(
            collector: NamedCollector(name: collector), address: address, isOneOfSeveral: several,
            interval: .seconds(5), timeout: .seconds(2), up: nil, retry: nil)
        var report = Report(source)
        for values in polls {
            var samples = Samples()
            for (name, value) in values {
                guard let descriptor = Self.families[name] else {
                    Issue.record("no family is called \(name)")
                    continue
                }
                samples.add(descriptor, Sample(labels: descriptor.labels.map { _ in "" }, value: .number(value)))
            }
            report.record(
                .success(Collected(samples: samples)), duration: .milliseconds(milliseconds), at: .now, time: .now)
        }
        return report
    }

    private func report(_ collector: String, descriptors: [(Descriptor, Double, [String])]) -> Report {
        var report = report(collector, polls: [])
        var samples = Samples()
        for (descriptor, value, labels) in descriptors {
            samples.add(descriptor, Sample(labels: labels, value: .number(value)))
        }
        report.record(
            .success(Collected(samples: samples)), duration: .milliseconds(1), at: .now, time: .now)
        return report
    }

    private func health(_ component: String, _ reports: Report...) -> ComponentHealth? {
        Health(rules.components, reports).components.first { $0.name == component }?.health
    }

    @Test(arguments: [(79.0, HealthStatus.healthy), (80, .degraded), (89.9, .degraded), (90, .unhealthy)])
    func memoryIsJudgedAgainstMaxmemory(used: Double, status: HealthStatus) {
        let report = report(polls: [["redis_memory_used_bytes": used, "redis_memory_max_bytes": 100]])
        #expect(health("redis_memory", report)?.status == status)
    }

    @Test func theCaptureIsDegradedByTroubleAndNotByNotes() {
        func capture(_ remarks: Collected.Remark...) -> ComponentHealth? {
            var report = report("wire", polls: [])
            var samples = Samples()
            samples.add(Coverage.ratio, 0.995)
            report.record(
                .success(Collected(samples: samples, remarks: remarks)), duration: .milliseconds(1), at: .now,
                time: .now)
            return health("capture", report)
        }
        #expect(capture()?.status == .healthy)
        #expect(capture()?.message == "0 connections, 99.5 % of Redis' commands measured")
        let note = Collected.Remark("interfaces", "veth1 came up", isTrouble: false)
        #expect(capture(note)?.status == .healthy)
        #expect(capture(note)?.message == "0 connections, 99.5 % of Redis' commands measured; veth1 came up")
        let trouble = Collected.Remark("coverage", "12 % measured", isTrouble: true)
        #expect(capture(note, trouble)?.status == .degraded)
        #expect(capture(note, trouble)?.message == "12 % measured")
    }

    @Test func aSentinelHasNothingToKeep() {
        let sentinel = report(polls: [["redis_sentinel_masters": 1, "redis_connected_clients": 3]])
        let names = Health(rules.components, [sentinel]).components.map(\.name)
        #expect(names.filter { $0.hasPrefix("redis") } == ["redis", "redis_connections", "redis_performance"])
        let server = report(polls: [["redis_memory_used_bytes": 1]])
        #expect(health("redis_memory", sentinel, server)?.status == .healthy)
    }

    @Test func theCaptureOfSeveralTargetsHasTheLeastShare() {
        var report = report("wire", polls: [])
        func targeted(_ target: String, connections: Double, share: Double?) -> Collected.Targeted {
            var samples = Samples()
            samples.add(WireFamilies.connections, connections - 1, "redis")
            samples.add(WireFamilies.connections, 1, "http")
            samples.add(Coverage.ratio, ifKnown: share)
            return Collected.Targeted(target: target, samples: samples)
        }
        let targets = [
            targeted("a:1", connections: 3, share: 1), targeted("b:2", connections: 4, share: 0.92),
            targeted("other", connections: 1, share: nil),
        ]
        report.record(.success(Collected(targeted: targets)), duration: .milliseconds(1), at: .now, time: .now)
        #expect(health("capture", report)?.status == .healthy)
        #expect(
            health("capture", report)?.message == "8 connections, at least 92 % of each Redis' commands measured")
    }

    @Test func memoryWithoutALimitIsHealthyAndSaysSo() {
        let report = report(polls: [["redis_memory_used_bytes": 1_048_576, "redis_memory_max_bytes": 0]])
        #expect(health("redis_memory", report)?.status == .healthy)
        #expect(health("redis_memory", report)?.message == "1 MiB in use; maxmemory is not set")
    }

    @Test(arguments: [(10.0, 0.0, HealthStatus.healthy), (85, 0, .degraded), (95, 0, .unhealthy), (10, 1, .unhealthy)])
    func connectionsAreJudgedAgainstTheLimitAndRejections(clients: Double, rejected: Double, status: HealthStatus) {
        let limits = ["redis_connected_clients": clients, "redis_max_clients": 100]
        let report = report(polls: [
            limits.merging(["redis_rejected_connections_total": 5]) { $1 },
            limits.merging(["redis_rejected_connections_total": 5 + rejected]) { $1 },
        ])
        #expect(health("redis_connections", report)?.status == status)
    }

    /// Empty queues that Sidelong itself looks at are misses to Redis, and none of its clients'.
    @Test(arguments: [
        (90.0, 10.0, 0.0, 100.0, 0.0, HealthStatus.healthy), (75, 25, 0, 100, 0, .degraded),
        (60, 40, 0, 100, 0, .unhealthy), (90, 10, 0, 100, 6, .degraded), (90, 10, 0, 100, 25, .unhealthy),
        (0, 5, 0, 5, 5, .healthy), (200, 510, 0, 2000, 0, .unhealthy), (200, 510, 500, 2000, 0, .healthy),
    ])
    func performanceIsJudgedOverTheLastInterval(
        hits: Double, misses: Double, own: Double, commands: Double, errors: Double, status: HealthStatus
    ) {
        let start = 1e6
        let growths = [
            "redis_keyspace_hits_total": hits, "redis_keyspace_misses_total": misses,
            "sidelong_redis_own_keyspace_misses_total": own, "redis_commands_processed_total": commands,
            "redis_command_errors_total": errors,
        ]
        let report = report(polls: [growths.mapValues { _ in start }, growths.mapValues { start + $0 }])
        #expect(health("redis_performance", report)?.status == status)
    }

    @Test func aRestartOfRedisIsNoVerdictOnItsPerformance() {
        let report = report(polls: [["redis_commands_processed_total": 1000], ["redis_commands_processed_total": 3]])
        #expect(health("redis_performance", report)?.status == .healthy)
    }

    @Test(arguments: [(50.0, HealthStatus.healthy), (80, .degraded), (95, .unhealthy)])
    func databaseConnectionsAreJudgedAgainstWhatCanBeHad(used: Double, status: HealthStatus) {
        let report = report(
            "postgres",
            descriptors: [
                (PostgresTarget.connectionsUsed, used, []), (PostgresTarget.connectionsUsable, 100, []),
            ])
        #expect(health("database", report)?.status == status)
    }

    @Test(arguments: [
        (0.0, 0.0, 1.0, HealthStatus.healthy), (1, 0.05, 0.5, .degraded), (1, 0.05, 0.85, .degraded),
        (1, 0.05, 1, .unhealthy), (1, 2, 0.5, .unhealthy),
    ])
    func aPoolIsJudgedByWhoWaitsAndForHowLong(
        waiting: Double, longest: Double, utilization: Double, status: HealthStatus
    ) {
        let (app, console) = (["app", "gateway"], ["pgbouncer", "pgbouncer"])
        let report = report(
            "pgbouncer",
            descriptors: [
                (PgBouncerTarget.clientsWaiting, waiting, app), (PgBouncerTarget.longestWait, longest, app),
                (PgBouncerTarget.utilization, utilization, app), (PgBouncerTarget.clientsWaiting, 99, console),
                (PgBouncerTarget.longestWait, 99, console), (PgBouncerTarget.utilization, 99, console),
            ])
        #expect(health("pgbouncer", report)?.status == status)
    }

    @Test(arguments: [
        (["redis_rdb_changes_since_last_save": 1.0], HealthStatus.healthy), ([:], .degraded),
        (["redis_rdb_last_bgsave_status": 0], .unhealthy),
        (["redis_aof_enabled": 1, "redis_aof_last_write_status": 0], .unhealthy),
        (
            ["redis_aof_enabled": 0, "redis_aof_last_write_status": 0, "redis_rdb_changes_since_last_save": 1],
            .healthy
        ),
        (["redis_loading_dump_file": 1], .degraded),
    ])
    func persistence(values: [String: Double], status: HealthStatus) {
        #expect(health("redis_persistence", report(polls: [values]))?.status == status)
    }

    @Test func whatInfoDoesNotSayIsUnknownAndNotFine() {
        for component in [
            "redis_memory", "redis_connections", "redis_performance", "redis_persistence",
            "redis_replication",
        ] {
            #expect(health(component, report(polls: [[:]]))?.status == .degraded, "\(component)")
            #expect(health(component, report(polls: [[:]]))?.message.hasPrefix("unknown: ") == true, "\(component)")
        }
    }

    @Test func aReplicaWithoutItsMasterIsUnhealthy() {
        #expect(health("redis_replication", report(polls: [["redis_master_link_up": 0]]))?.status == .unhealthy)
        #expect(health("redis_replication", report(polls: [["redis_connected_slaves": 2]]))?.status == .healthy)
    }

    @Test(arguments: [(99, HealthStatus.healthy), (100, .degraded), (1000, .unhealthy)])
    func aSlowAnswerIsNoHealthyAnswer(milliseconds: Int, status: HealthStatus) {
        #expect(health("redis", report(polls: [[:]], milliseconds: milliseconds))?.status == status)
    }

    @Test func aFailedPollMakesAllComponentsOfTheTargetUnhealthyWithTheReason() {
        var report = report(polls: [["redis_connected_slaves": 0]])
        let failure = CollectorFailure(.connect, "h:1: connection refused")
        report.record(.failure(failure), duration: .milliseconds(3), at: .now, time: .now)
        let health = Health(rules.components, [report])
        #expect(health.status == .unhealthy)
        #expect(health.components.count == 6)
        #expect(health.components.allSatisfy { $0.health.message == "connect: h:1: connection refused; being retried" })
        report.breaker = .open(pause: .seconds(8))
        let later = Health(rules.components, [report])
        #expect(
            later.components[0].health.message
                == "connect: h:1: connection refused; circuit breaker open, tried again every 8 s")
        #expect(health.components.allSatisfy { $0.health.age == nil })
    }

    @Test func ofSeveralTargetsTheWorstSpeaks() {
        let good = report(address: "a:1", several: true, polls: [["redis_master_link_up": 1]])
        let bad = report(address: "b:2", several: true, polls: [["redis_master_link_up": 0]])
        #expect(health("redis_replication", good, bad)?.message == "b:2: the link to the master is down")
        #expect(health("redis_replication", good, bad)?.status == .unhealthy)
    }

    @Test func everyFailingTargetIsNamedTheWorstFirst() {
        let good = report(address: "a:1", several: true, polls: [["redis_connected_slaves": 1]])
        let slow = report(address: "b:2", several: true, polls: [[:]], milliseconds: 150)
        var down = [
            report(address: "c:3", several: true, polls: []), report(address: "d:4", several: true, polls: []),
        ]
        for index in down.indices {
            let failure = CollectorFailure(.connect, "connection refused")
            down[index].record(.failure(failure), duration: .milliseconds(1), at: .now, time: .now)
        }
        let health = Health(rules.components, [slow, down[0], good, down[1]]).components.first?.health
        #expect(health?.status == .unhealthy)
        let names = health?.message.matches(of: #/(\w:\d): /#).map { String($0.output.1) }
        #expect(names == ["c:3", "d:4", "b:2"])
    }

    @Test func aFamilyOfAnotherWithTheSameNameIsNoFigure() {
        let impostor = Descriptor(.gauge, RedisTarget.usedMemory.name, help: "Somebody else's.")
        let report = report("redis", descriptors: [(impostor, 1, [])])
        #expect(health("redis_memory", report)?.message.hasPrefix("unknown: ") == true)
    }

    @Test func onlyConfiguredComponentsAppear() {
        let names = Health(rules.components, [report("host", polls: [[:]])]).components.map(\.name)
        #expect(names == ["host"])
        #expect(Health(rules.components, []).status == .healthy)
    }

    @Test func numbersOfThePageAreRounded() {
        let health = Health(rules.components, [])
        func text(_ uptime: Duration) -> String {
            String(decoding: health.json(uptime: uptime, at: Timestamp(seconds: 0)).bytes, as: UTF8.self)
        }
        #expect(text(.nanoseconds(12_345_678_901)).contains(#""uptime_seconds":12.346,"#))
        #expect(text(.microseconds(42)).contains(#""uptime_seconds":0,"#))
    }

    @Test func theJSONHasTheShapeOfTheContract() {
        let health = Health(rules.components, [report("host", polls: [[:]])])
        let time = Timestamp(seconds: 0)
        let text = String(decoding: health.json(uptime: .seconds(5), at: time).bytes, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"status":"degraded","timestamp":"1970-01-01T00:00:00.000Z","uptime_seconds":5,"components":{"#
                    + #""host":{"status":"degraded","message":"memory is unknown: /proc/meminfo could not be read","#
                    + #""response_time_ms":1,"age_seconds":"#))
    }
}
