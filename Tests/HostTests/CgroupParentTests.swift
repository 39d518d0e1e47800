import Foundation
import Metrics
import TestKit
import Testing

@testable import Host

/// A container's own limit is one of several: its pod and its slice have theirs, and the tightest is the one that
/// binds.
@Suite struct CgroupParentTests {
    /// A machine with this process in one cgroup, and files below `cgroup`.
    private func machine(_ membership: String, _ mounts: [String], _ files: [String: String]) throws -> TemporaryFolder
    {
        let tree = try Trees.copy("v2-container")
        try FileManager.default.removeItem(atPath: tree.path("cgroup"))
        try tree.write(membership + "\n", to: "proc/self/cgroup")
        try tree.write(mounts.map { "30 20 0:30 \($0)\n" }.joined(), to: "proc/self/mountinfo")
        for (file, text) in files { try tree.write(text + "\n", to: "cgroup/\(file)") }
        return tree
    }

    @Test(
        arguments: [
            (["slice", "slice/pod", "slice/pod/c"], ["max", "1000000", "2000000"], 1_000_000.0),
            (["slice", "slice/pod", "slice/pod/c"], ["500000", "1000000", "max"], 500_000),
            (["slice", "slice/pod", "slice/pod/c"], ["max", "9000000", "2000000"], 2_000_000),
            (["slice", "slice/pod", "slice/pod/c"], ["max", "max", "max"], nil),
            (["slice/pod", "slice/pod/c"], ["3000000", "max"], 3_000_000),
        ] as [([String], [String], Double?)])
    func theSmallestMemoryLimitOnTheWayUpBinds(folders: [String], limits: [String], limit: Double?) async throws {
        let files = zip(folders, limits).map { ("\($0)/memory.max", $1) } + [("slice/pod/c/memory.current", "4096")]
        let tree = try machine(
            "0::/slice/pod/c", ["/ /sys/fs/cgroup rw - cgroup2 cgroup rw"], Dictionary(uniqueKeysWithValues: files))
        let samples = try await HostCollector(tree: tree.url.path).collect().samples
        #expect(samples.value("cgroup_memory_limit_bytes") == limit)
        #expect(samples.value("cgroup_memory_usage_bytes") == 4096, "what is used is the own cgroup's")
    }

    @Test func soDoesTheSmallestShareOfProcessors() async throws {
        let files = [
            "slice/cpu.max": "400000 100000", "slice/pod/cpu.max": "75000 50000", "slice/pod/c/cpu.max": "max 100000",
        ]
        let tree = try machine("0::/slice/pod/c", ["/ /sys/fs/cgroup rw - cgroup2 cgroup rw"], files)
        #expect(try await HostCollector(tree: tree.url.path).collect().samples.value("cgroup_cpu_limit_cores") == 1.5)
    }

    @Test func versionOneIsTheSame() async throws {
        let files = [
            "memory/pod/memory.limit_in_bytes": "7000", "memory/pod/c/memory.limit_in_bytes": "9223372036854771712",
            "cpu/pod/cpu.cfs_period_us": "100000", "cpu/pod/cpu.cfs_quota_us": "-1",
            "cpu/pod/c/cpu.cfs_period_us": "100000", "cpu/pod/c/cpu.cfs_quota_us": "50000",
        ]
        let mounts = [
            "/ /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "/ /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu",
        ]
        let tree = try machine("4:memory:/pod/c\n3:cpu:/pod/c", mounts, files)
        let samples = try await HostCollector(tree: tree.url.path).collect().samples
        #expect(samples.value("cgroup_memory_limit_bytes") == 7000 && samples.value("cgroup_cpu_limit_cores") == 0.5)
    }
}
