// The machine under Redis: memory, processors, load, pressure and network as the host has them, and the limits and
// usage of the container that Sidelong runs in. Host and container figures never share a name.

public import Metrics
import System

/// Reads the families `system_*` and `cgroup_*` from procfs and cgroupfs.
///
/// Never needs a privilege. A file that the kernel or the container does not have is absence, not failure; one that is
/// denied or makes no sense is a part failure. A poll reads some fifteen small files.
public actor HostCollector: Collector {
    public nonisolated let name = "host"
    public nonisolated let parts = HostPart.allCases.map(\.rawValue)

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    /// What is mounted at `--host.procfs` may not answer at once.
    private nonisolated let executor = BlockingExecutor("host")

    private let procfs: String
    private let cgroupfs: String
    private let files = FileReader()
    /// The newest figures, which the next ones may not fall behind.
    private var cpuTimes: CPUTimes?
    /// The folders of this process' cgroup, and the membership that they were looked up for.
    private var cgroup: (membership: CgroupMembership, folders: CgroupFolders)?

    /// - Parameters:
    ///   - procfs: where procfs is mounted: `--host.procfs`.
    ///   - cgroupfs: where the cgroup file systems are mounted: `--host.cgroupfs`.
    public init(procfs: String = "/proc", cgroupfs: String = "/sys/fs/cgroup") {
        self.procfs = procfs
        self.cgroupfs = cgroupfs
    }

    /// - Throws: the first failure, when not one file could be read.
    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        var poll = HostPoll(files, before: deadline)
        collectMemory(&poll)
        collectCPU(&poll)
        collectPressure(&poll)
        collectNetwork(&poll)
        collectCgroup(&poll)
        if poll.samples.families.isEmpty, let first = poll.partFailures.first { throw first.failure }
        return Collected(samples: poll.samples, partFailures: poll.partFailures)
    }

    private func collectMemory(_ poll: inout HostPoll) {
        poll.part = .memory
        if let samples = poll.read("\(procfs)/meminfo", as: MemoryInfo.samples) { poll.samples.add(samples) }
    }

    private func collectCPU(_ poll: inout HostPoll) {
        poll.part = .cpu
        if let times = poll.read("\(procfs)/stat", as: CPUTimes.init) {
            let steady = times.steadied(after: cpuTimes)
            steady.add(to: &poll.samples)
            cpuTimes = steady
        }
        if let samples = poll.read("\(procfs)/loadavg", as: LoadAverage.samples) { poll.samples.add(samples) }
    }

    private func collectPressure(_ poll: inout HostPoll) {
        poll.part = .pressure
        for pressure in Pressure.resources {
            if let samples = poll.readIfPresent("\(procfs)/pressure/\(pressure.resource)", as: pressure.samples) {
                poll.samples.add(samples)
            }
        }
    }

    private func collectNetwork(_ poll: inout HostPoll) {
        poll.part = .network
        if let samples = poll.read("\(procfs)/net/dev", as: NetworkDevices.samples) { poll.samples.add(samples) }
    }

    private func collectCgroup(_ poll: inout HostPoll) {
        poll.part = .cgroup
        guard let folders = cgroupFolders(&poll) else { return }
        if let memory = folders.memory { CgroupMemory.collect(memory, into: &poll) }
        CgroupCPU.collect(folders, into: &poll)
    }

    /// Looks the folders up when this process' cgroup is another than before, which hardly ever happens: the mounts may
    /// be hundreds of lines.
    private func cgroupFolders(_ poll: inout HostPoll) -> CgroupFolders? {
        guard let membership = poll.readIfPresent("\(procfs)/self/cgroup", as: CgroupMembership.init) else {
            return nil
        }
        if let cgroup, cgroup.membership == membership { return cgroup.folders }
        guard let mounts = poll.readIfPresent("\(procfs)/self/mountinfo", as: CgroupMounts.init) else { return nil }
        let folders = CgroupFolders(
            membership: membership, mounts: mounts, cgroupfs: cgroupfs, exists: files.exists)
        cgroup = (membership, folders)
        return folders
    }
}
