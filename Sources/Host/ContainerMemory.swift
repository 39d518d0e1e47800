// How much memory the container gives this process, asked once at the start, to share it out.

import Metrics

/// The memory limit of the cgroup that this process is in.
public enum ContainerMemory {
    /// The limit in bytes; nil where there is none, or where it cannot be seen.
    ///
    /// Reads some small files, in a second at the most.
    ///
    /// - Parameters:
    ///   - procfs: where procfs is mounted: `--host.procfs`.
    ///   - cgroupfs: where the cgroup file systems are mounted: `--host.cgroupfs`.
    public static func limit(procfs: String = "/proc", cgroupfs: String = "/sys/fs/cgroup") -> Int? {
        let files = FileReader()
        var poll = HostPoll(files, before: .after(.seconds(1)))
        guard let membership = poll.readIfPresent("\(procfs)/self/cgroup", as: CgroupMembership.init),
            let mounts = poll.readIfPresent("\(procfs)/self/mountinfo", as: CgroupMounts.init)
        else { return nil }
        let folders = CgroupFolders(membership: membership, mounts: mounts, cgroupfs: cgroupfs, exists: files.exists)
        guard let memory = folders.memory else { return nil }
        return CgroupMemory.tightestLimit(memory, &poll)?.value.flatMap { Int(exactly: $0) }
    }
}
