// Processor time of the container that Sidelong runs in: how much it used, how much it may use, and how long its tasks
// were held back at the limit.

import Metrics

/// `cgroup_cpu_*`, from the kernel's cgroup-v1/cpuacct, scheduler/sched-bwc and cgroup-v2 documents.
enum CgroupCPU {
    static let usage = Descriptor(
        .counter, "cgroup_cpu_usage_seconds_total",
        help: "Processor time of this container's cgroup (cpu.stat usage_usec; v1 cpuacct.usage).")
    static let throttled = Descriptor(
        .counter, "cgroup_cpu_throttled_seconds_total",
        help: "Time for which this container's cgroup was held back at its limit (cpu.stat; v1 throttled_time).")
    static let limit = Descriptor(
        .gauge, "cgroup_cpu_limit_cores",
        help: "Processors that this container's cgroup and those above it may use, the fewest; absent when unlimited "
            + "(cpu.max; v1 quota / period).")

    static let all = [usage, throttled, limit]

    /// Reads what the folders have; a file that is not there costs its own family only.
    static func collect(_ folders: CgroupFolders, into poll: inout HostPoll) {
        let stat = folders.cpu.flatMap { counters(in: $0, from: &poll) }
        if let folder = folders.cpu {
            switch folder.version {
            case .one:
                poll.samples.add(throttled, ifKnown: stat?["throttled_time"].map { Double($0) / 1e9 })
            case .two:
                poll.samples.add(throttled, ifKnown: stat?["throttled_usec"].map { Double($0) / 1e6 })
            }
            poll.samples.add(limit, ifKnown: limit(in: folder, from: &poll)?.value)
        }
        if let folder = folders.cpuacct {
            switch folder.version {
            case .one:
                let nanoseconds = poll.readIfPresent(folder.file("cpuacct.usage")) { $0.line?.number }
                poll.samples.add(usage, ifKnown: nanoseconds.map { Double($0) / 1e9 })
            case .two:
                let stat = folder == folders.cpu ? stat : counters(in: folder, from: &poll)
                poll.samples.add(usage, ifKnown: stat?["usage_usec"].map { Double($0) / 1e6 })
            }
        }
    }

    private static func counters(in folder: CgroupFolder, from poll: inout HostPoll) -> CgroupCounters? {
        poll.readIfPresent(folder.file("cpu.stat")) {
            CgroupCounters($0, ["usage_usec", "throttled_usec", "throttled_time"])
        }
    }

    private static func limit(in folder: CgroupFolder, from poll: inout HostPoll) -> CgroupLimit? {
        switch folder.version {
        case .two:
            return poll.tightest(folder.filesUpwards("cpu.max"), as: CgroupLimit.init(cpuMax:))
        case .one:
            var tightest: CgroupLimit?
            let files = zip(folder.filesUpwards("cpu.cfs_period_us"), folder.filesUpwards("cpu.cfs_quota_us"))
            for (periodFile, quotaFile) in files {
                guard let period = poll.readIfPresent(periodFile, as: { $0.line?.number }),
                    let limit = poll.readIfPresent(quotaFile, as: { CgroupLimit(quota: $0, period: period) })
                else { continue }
                tightest = tightest?.tightened(by: limit) ?? limit
            }
            return tightest
        }
    }
}
