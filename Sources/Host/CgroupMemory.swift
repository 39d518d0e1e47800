// Memory of the container that Sidelong runs in, as its cgroup accounts it: what the kernel holds against the limit,
// and how often it killed for want of it.

import Metrics

/// `cgroup_memory_*` and `cgroup_oom_kills_total`, from the kernel's cgroup-v1/memory and cgroup-v2 documents.
enum CgroupMemory {
    static let usage = Descriptor(
        .gauge, "cgroup_memory_usage_bytes",
        help: "Memory of this container's cgroup, page cache included (memory.current; v1 memory.usage_in_bytes).")
    static let workingSet = Descriptor(
        .gauge, "cgroup_memory_working_set_bytes",
        help: "Memory of this container's cgroup less file pages out of use (usage - inactive_file of memory.stat).")
    static let limit = Descriptor(
        .gauge, "cgroup_memory_limit_bytes",
        help: "The smallest limit of this container's cgroup and those above it, absent when unlimited (memory.max; v1 "
            + "memory.limit_in_bytes).")
    static let kills = Descriptor(
        .counter, "cgroup_oom_kills_total",
        help: "Processes of this container's cgroup killed for want of memory (memory.events; v1 memory.oom_control).")

    static let all = [usage, workingSet, limit, kills]

    /// Reads what the folder has; a file that is not there costs its own family only.
    ///
    /// The root of a version 2 tree has none of these files, and version 1 counts kills since Linux 4.13.
    static func collect(_ folder: CgroupFolder, into poll: inout HostPoll) {
        let names = Names(folder.version)
        let used = poll.readIfPresent(folder.file(names.usage)) { $0.line?.number }
        let stat = poll.readIfPresent(folder.file("memory.stat")) { CgroupCounters($0, [names.inactiveFile]) }
        let most = tightestLimit(folder, &poll)
        let events = poll.readIfPresent(folder.file(names.events)) { CgroupCounters($0, ["oom_kill"]) }

        poll.samples.add(usage, ifKnown: used.map { Double($0) })
        if let used, let inactive = stat?[names.inactiveFile] {
            poll.samples.add(workingSet, used > inactive ? Double(used - inactive) : 0)
        }
        poll.samples.add(limit, ifKnown: most?.value)
        poll.samples.add(kills, ifKnown: events?["oom_kill"].map { Double($0) })
    }

    /// The smallest limit of the cgroup and those above it.
    static func tightestLimit(_ folder: CgroupFolder, _ poll: inout HostPoll) -> CgroupLimit? {
        poll.tightest(folder.filesUpwards(Names(folder.version).limit), as: CgroupLimit.init(memory:))
    }

    /// What each version calls its files and fields.
    private struct Names {
        let usage: String
        let limit: String
        let events: String
        let inactiveFile: String

        init(_ version: CgroupFolder.Version) {
            switch version {
            case .one:
                usage = "memory.usage_in_bytes"
                limit = "memory.limit_in_bytes"
                events = "memory.oom_control"
                inactiveFile = "total_inactive_file"
            case .two:
                usage = "memory.current"
                limit = "memory.max"
                events = "memory.events"
                inactiveFile = "inactive_file"
            }
        }
    }
}
