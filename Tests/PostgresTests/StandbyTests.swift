import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// A standby that is behind, one that is alone, one that lives on an archive: each is what it says it is.
@Suite struct StandbyTests {
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func twoStandbysOfOneNameAreTwo(release: DatabaseRelease) async throws {
        let primary = try await PostgresServer.start(release)
        let first = try await primary.standby(slot: "first")
        let second = try await primary.standby(slot: "second")
        let target = try primary.target()
        func standbys() async throws -> [Sample] {
            try await target.poll().samples.families
                .first { $0.descriptor.name == "pg_stat_replication_pg_wal_lsn_diff" }?.samples ?? []
        }
        try await eventually("both standbys") { try await standbys().count == 2 }
        let labels = try await standbys().map(\.labels)
        #expect(labels[0][0] == labels[1][0] && labels[0][1] == labels[1][1], "name and address are the same")
        #expect(labels[0][4] != labels[1][4] && Int(labels[0][4]) != nil, "the process is not")

        // One of them lags, and is seen to.
        try second.sql("SELECT pg_wal_replay_pause()")
        try primary.sql("CREATE TABLE later AS SELECT generate_series(1, 10000)")
        try await eventually("one that lags and one that does not") {
            let behind = try await standbys().compactMap { sample in
                if case .number(let bytes) = sample.value { bytes } else { nil }
            }.sorted()
            return behind.count == 2 && behind[0] == 0 && behind[1] > 100_000
        }
        let page = Exposition([.init(try await target.poll().samples)])
        #expect(page.duplicates == 0)
        for server in [first, second, primary] { server.stop() }
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func aStandbyWithoutAReceiverIsNotHealthy(release: DatabaseRelease) async throws {
        let primary = try await PostgresServer.start(release)
        let standby = try await primary.standby()
        try primary.sql("CREATE TABLE replicated (value int)")
        try primary.sql("CREATE ROLE r_plain LOGIN; CREATE ROLE r_monitor LOGIN; GRANT pg_monitor TO r_monitor")
        try await eventually("the roles have come to the standby") {
            try standby.sql("SELECT count(*) FROM pg_roles WHERE rolname IN ('r_plain', 'r_monitor')") == "2"
        }
        let targets = try ["postgres", "r_monitor", "r_plain"].map { try standby.target(user: $0) }
        for target in targets {
            try await eventually("a standby that receives") {
                let samples = try await target.poll().samples
                return samples.value("pg_replication_receiving") == 1
                    && samples.value("pg_replication_replayed_all") == 1
                    && samples.value("pg_replication_lag_seconds") == 0
            }
        }
        #expect(try await targets[0].poll().samples.names.contains("pg_stat_wal_receiver_flushed_lsn"))
        #expect(try await primary.target().poll().samples.value("pg_replication_receiving") == nil)

        try standby.sql("SELECT pg_wal_replay_pause()")
        try primary.sql("INSERT INTO replicated VALUES (1)")
        try await eventually("one that receives and has not replayed") {
            let samples = try await targets[0].poll().samples
            return samples.value("pg_replication_replayed_all") == 0 && samples.value("pg_replication_receiving") == 1
                && samples.value("pg_replication_lag_seconds") ?? 0 > 0
        }
        try standby.sql("SELECT pg_wal_replay_resume()")

        primary.stop()
        for target in targets {
            try await eventually("a standby that knows that it is alone") {
                let samples = try await target.poll().samples
                return samples.value("pg_replication_receiving") == 0
                    && samples.value("pg_replication_lag_seconds") ?? 0 > 0
                    && samples.value("pg_replication_is_replica") == 1
            }
        }
        standby.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func anArchiveOnlyStandbyOfAnIdlePrimaryHasNoLagThatGrows(release: DatabaseRelease) async throws {
        let primary = try await PostgresServer.start(
            release,
            settings: ["archive_mode": "on", "archive_command": "mkdir -p ../archive && cp %p ../archive/%f"])
        let standby = try await primary.standby(
            settings: [
                "primary_conninfo": "", "primary_slot_name": "",
                "restore_command": "cp \(primary.archive)/%f %p",
            ])
        try primary.sql("CREATE TABLE archived (value int)")
        try primary.sql("SELECT pg_switch_wal()")
        try await eventually("the table from the archive", within: .seconds(60)) {
            try standby.sql("SELECT count(*) FROM pg_class WHERE relname = 'archived'") == "1"
        }
        let samples = try await standby.target().poll().samples
        #expect(samples.value("pg_replication_is_replica") == 1)
        #expect(samples.value("pg_replication_lag_seconds") == nil, "nobody knows it")
        #expect(samples.value("pg_replication_receiving") == nil, "it is not to receive anything")
        #expect(samples.value("pg_replication_last_replay_seconds") ?? 0 > 0)
        let archiver = try await primary.target().poll().samples
        #expect(archiver.value("pg_stat_archiver_archived_count") ?? 0 >= 1)
        #expect(archiver.value("pg_stat_archiver_last_archive_age") ?? -1 >= 0)
        standby.stop()
        primary.stop()
    }
}
