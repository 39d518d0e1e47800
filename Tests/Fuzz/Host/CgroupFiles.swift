// Any bytes as the files that say where a cgroup is and what it may use: a folder that is found lies on a mount, and a
// limit is a number that is not negative.

@testable import Host

func fuzzCgroupFiles(_ input: inout FuzzInput) {
    let shown = input.byte()
    let parts = input.rest().split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = Text(parts[0])
    for limit in [CgroupLimit(memory: text), CgroupLimit(cpuMax: text), CgroupLimit(quota: text, period: 100_000)] {
        precondition(limit?.value ?? 0 >= 0)
    }
    _ = CgroupCounters(text, ["inactive_file", "oom_kill", "usage_usec"])
    guard parts.count == 2, let membership = CgroupMembership(text), let mounts = CgroupMounts(Text(parts[1])) else {
        return
    }
    // Which folders are there is up to the input too.
    let folders = CgroupFolders(membership: membership, mounts: mounts, cgroupfs: "/sys/fs/cgroup") { path in
        path.utf8.reduce(shown) { $0 &* 31 &+ $1 } & 1 == 0
    }
    for case let folder? in [folders.memory, folders.cpu, folders.cpuacct] {
        precondition(mounts.mounts.contains { folder.path.hasPrefix($0.point) })
    }
}
