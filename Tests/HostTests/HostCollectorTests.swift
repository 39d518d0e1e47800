import Foundation
import Glibc
import Metrics
import TestKit
import Testing

@testable import Host

@Suite struct HostCollectorTests {
    @Test(arguments: Trees.machines)
    func aTreeGivesItsPage(machine: String) async throws {
        let collected = try await HostCollector(tree: Trees.path(machine)).collect()
        #expect(collected.partFailures.isEmpty)
        #expect(collected.samples.page == (try Trees.text("\(machine)/expected.txt")))
    }

    @Test func aHybridMachineIsReadFromBothTrees() async throws {
        let samples = try await HostCollector(tree: Trees.path("hybrid")).collect().samples
        let path = "hybrid/cgroup/memory/system.slice/sidelong.service/memory.usage_in_bytes"
        let usage = try #require(Double(try Trees.text(path).trimmingCharacters(in: .newlines)))
        #expect(samples.value("cgroup_memory_usage_bytes") == usage)
        #expect(samples.value("cgroup_memory_limit_bytes") == nil)
        #expect(samples.value("cgroup_cpu_limit_cores") == nil)
        #expect(samples.value("cgroup_oom_kills_total") == 0)
        #expect(samples.value("system_cpus") == 2)
    }

    @Test func aContainerOfVersionTwoShowsItsLimits() async throws {
        let samples = try await HostCollector(tree: Trees.path("v2-container")).collect().samples
        #expect(samples.value("cgroup_memory_limit_bytes") == 134_217_728)
        #expect(samples.value("cgroup_memory_working_set_bytes") == 41_943_040)
        #expect(samples.value("cgroup_cpu_limit_cores") == 0.5)
        #expect(samples.value("cgroup_cpu_usage_seconds_total") == 128.833121)
        #expect(samples.value("cgroup_cpu_throttled_seconds_total") == 9.310442)
        #expect(samples.value("cgroup_oom_kills_total") == 2)
        #expect(samples.value("system_memory_used_bytes") == 7_335_395_328)
        #expect(samples.value("system_network_transmit_dropped_total", "eth0") == 4)
    }

    @Test func anOldKernelLacksFamiliesAndNothingFails() async throws {
        let collected = try await HostCollector(tree: Trees.path("v1-docker")).collect()
        #expect(collected.partFailures.isEmpty)
        #expect(collected.samples.names.allSatisfy { !$0.hasPrefix("system_pressure") })
        #expect(collected.samples.value("system_memory_used_bytes") == nil)
        #expect(collected.samples.value("cgroup_oom_kills_total") == nil)
        #expect(collected.samples.value("cgroup_memory_working_set_bytes") == 0, "inactive_file is above the usage")
        #expect(collected.samples.value("cgroup_cpu_limit_cores") == 1.5)
        #expect(collected.samples.value("cgroup_cpu_throttled_seconds_total") == 2.031220031)
        #expect(collected.samples.value("cgroup_cpu_usage_seconds_total") == 88.123312003)
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let file: String
        let part: String
        /// The families that have to be absent: those whose names begin so.
        let missing: [String]

        var testDescription: String { file }
    }

    static let damages = [
        Damage(file: "proc/meminfo", part: "host_memory", missing: ["system_memory", "system_swap"]),
        Damage(file: "proc/stat", part: "host_cpu", missing: ["system_cpu"]),
        Damage(file: "proc/loadavg", part: "host_cpu", missing: ["system_load"]),
        Damage(file: "proc/pressure/io", part: "host_pressure", missing: ["system_pressure_io"]),
        Damage(file: "proc/net/dev", part: "host_network", missing: ["system_network"]),
        Damage(file: "proc/self/cgroup", part: "host_cgroup", missing: ["cgroup"]),
        Damage(file: "proc/self/mountinfo", part: "host_cgroup", missing: ["cgroup"]),
        Damage(
            file: "cgroup/memory.current", part: "host_cgroup",
            missing: ["cgroup_memory_usage", "cgroup_memory_working"]),
        Damage(file: "cgroup/memory.stat", part: "host_cgroup", missing: ["cgroup_memory_working"]),
        Damage(file: "cgroup/memory.max", part: "host_cgroup", missing: ["cgroup_memory_limit"]),
        Damage(file: "cgroup/memory.events", part: "host_cgroup", missing: ["cgroup_oom"]),
        Damage(file: "cgroup/cpu.max", part: "host_cgroup", missing: ["cgroup_cpu_limit"]),
        Damage(
            file: "cgroup/cpu.stat", part: "host_cgroup", missing: ["cgroup_cpu_usage", "cgroup_cpu_throttled"]),
    ]

    private func families(without damage: Damage) async throws -> Set<String> {
        try await HostCollector(tree: Trees.path("v2-container")).collect().samples.names
            .filter { name in !damage.missing.contains(where: name.hasPrefix) }
    }

    @Test(arguments: damages)
    func aDamagedFileCostsItsOwnFamiliesOnly(damage: Damage) async throws {
        let whole = try Data(contentsOf: Trees.folder.appending(path: "v2-container/\(damage.file)"))
        let damaged = [
            Data(), Data("\u{0}\u{1}garbage \u{7f}\n".utf8), Data(repeating: 0xff, count: 9000),
            whole.prefix(whole.count / 2),
            Data(String(decoding: whole, as: UTF8.self).replacing(/[0-9]+/, with: "-1").utf8),
        ]
        let tree = try Trees.copy("v2-container")
        let expected = try await families(without: damage)
        for content in damaged where !(content.isEmpty && Self.mayBeEmpty.contains(damage.file)) {
            try content.write(to: tree.url.appending(path: damage.file))
            let collected = try await HostCollector(tree: tree.url.path).collect()
            #expect(collected.samples.names == expected, "\(content.count) bytes")
            #expect(collected.partFailures.map(\.part) == [damage.part], "\(content.count) bytes")
            #expect(collected.partFailures.map(\.failure.reason) == [.malformed], "\(content.count) bytes")
        }
    }

    /// No line at all is what a kernel without cgroups, or without the counters, has to say.
    private static let mayBeEmpty = [
        "proc/self/cgroup", "proc/self/mountinfo", "cgroup/memory.stat", "cgroup/memory.events", "cgroup/cpu.stat",
    ]

    @Test(arguments: damages)
    func anAbsentFileIsAbsenceUnlessEveryKernelHasIt(damage: Damage) async throws {
        let tree = try Trees.copy("v2-container")
        try FileManager.default.removeItem(atPath: tree.path(damage.file))
        let collected = try await HostCollector(tree: tree.url.path).collect()
        #expect(collected.samples.names == (try await families(without: damage)))
        let isExpected = ["proc/meminfo", "proc/stat", "proc/loadavg", "proc/net/dev"].contains(damage.file)
        #expect(collected.partFailures.map(\.failure.reason) == (isExpected ? [.unreadable] : []))
    }

    @Test func noProcfsAtAllIsOneFailure() async throws {
        let failure = await #expect(throws: CollectorFailure.self) {
            try await HostCollector(procfs: "/nowhere", cgroupfs: "/nowhere").collect()
        }
        #expect(failure?.reason == .unreadable)
        #expect(failure?.message.contains("/nowhere/meminfo") == true)
    }

    @Test func noTimeLeftIsATimeout() async throws {
        let failure = await #expect(throws: CollectorFailure.self) {
            try await HostCollector(tree: Trees.path("hybrid")).collect(before: .after(.zero))
        }
        #expect(failure?.reason == .timeout)
    }

    @Test func anotherCgroupIsLookedUpAgain() async throws {
        let tree = try Trees.copy("v2-container")
        let collector = HostCollector(tree: tree.url.path)
        #expect(try await collector.collect().samples.value("cgroup_memory_usage_bytes") == 73_400_320)
        try tree.write("0::/inner\n", to: "proc/self/cgroup")
        try tree.write("4096\n", to: "cgroup/inner/memory.current")
        #expect(try await collector.collect().samples.value("cgroup_memory_usage_bytes") == 4096)
    }

    @Test func processorTimeNeverFallsBehind() async throws {
        let tree = try Trees.copy("v2-container")
        let collector = HostCollector(tree: tree.url.path)
        let before = try await collector.collect().samples.value("system_cpu_seconds_total", "idle")
        let stat = try Trees.text("v2-container/proc/stat")
        try tree.write(stat.replacing("98211034", with: "98211033"), to: "proc/stat")
        let after = try await collector.collect().samples.value("system_cpu_seconds_total", "idle")
        #expect(before == after)
    }

    @Test func thisMachineIsRead() async throws {
        let collected = try await HostCollector().collect()
        let samples = collected.samples
        let total = try #require(samples.value("system_memory_total_bytes"))
        let physical = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        #expect(total > physical / 2 && total <= physical * 2)
        #expect(try #require(samples.value("system_memory_available_bytes")) < total)
        #expect(try #require(samples.value("system_cpu_seconds_total", "user")) > 0)
        #expect(samples.value("system_cpus") == Double(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        #expect(samples.value("system_network_receive_bytes_total", "lo") != nil)
        #expect(samples.value("system_load1") != nil)
        #expect(collected.partFailures.isEmpty)
    }

    @Test func everyFamilyIsInTheListOfTheRoom() async throws {
        let listed = Set(Host.all.map(\.name))
        #expect(listed.count == Host.all.count)
        for machine in Trees.machines {
            let samples = try await HostCollector(tree: Trees.path(machine)).collect().samples
            #expect(samples.names.isSubset(of: listed))
        }
        #expect(SelfProcess().samples().names.isSubset(of: listed))
    }
}
