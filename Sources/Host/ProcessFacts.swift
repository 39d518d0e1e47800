// One process as procfs shows it, and the families that both redis-server and Sidelong itself have.

import Metrics

/// What can be read of one process at one moment.
struct ProcessFacts: Sendable {
    let stat: ProcessStat
    let residentPages: UInt64
    let limits: ProcessLimits?
    /// Nil where this user may not look into /proc/PID/fd: another user's process, without CAP_SYS_PTRACE.
    let openDescriptors: Int?

    /// Reads four files.
    ///
    /// - Parameter folder: `/proc/PID` or `/proc/self`.
    /// - Throws: `absent` when there is no such process, or it has ended.
    init(of folder: String, with files: FileReader) throws(FileError) {
        stat = try files.read("\(folder)/stat", as: ProcessStat.init)
        if stat.isZombie { throw .absent(folder) }
        // Since Linux 6.2 the figure in stat lags behind, by more the more processors there are; the one in statm is
        // exact again since 6.16, and was never worse.
        residentPages =
            try files.readIfPresent("\(folder)/statm", as: ProcessFigures.residentPages) ?? stat.residentPages
        limits = try files.readIfPresent("\(folder)/limits", as: ProcessLimits.init)
        do {
            openDescriptors = try files.descriptorCount(in: "\(folder)/fd")
        } catch .denied, .absent {
            openDescriptors = nil
        }
    }

    /// When the process began, in seconds since 1970; reads /proc/stat.
    ///
    /// Best asked once for each process: the kernel moves the time of the machine's beginning when its clock is set.
    func startTime(procfs: String, with files: FileReader) throws(FileError) -> Double {
        let bootTime = try files.read("\(procfs)/stat", as: ProcessFigures.bootTime)
        return Double(bootTime) + Double(stat.startTicks) / SystemUnits.ticksPerSecond
    }
}

/// The families of a process under one prefix, named as client_golang names those of `process`.
struct ProcessFamilies: Sendable {
    let residentMemory: Descriptor
    let cpuSeconds: Descriptor
    let threads: Descriptor
    let openDescriptors: Descriptor
    let maxDescriptors: Descriptor
    let startTime: Descriptor

    var all: [Descriptor] { [residentMemory, cpuSeconds, threads, openDescriptors, maxDescriptors, startTime] }

    /// - Parameters:
    ///   - prefix: what the names begin with.
    ///   - whose: the process in the help sentences.
    init(prefix: String, whose: String) {
        func gauge(_ name: String, _ help: String) -> Descriptor {
            Descriptor(.gauge, "\(prefix)_\(name)", help: help)
        }
        residentMemory = gauge(
            "resident_memory_bytes", "Memory of \(whose) that is in RAM, shared pages included (/proc/PID/statm).")
        cpuSeconds = Descriptor(
            .counter, "\(prefix)_cpu_seconds_total",
            help: "User and system processor time of \(whose) (/proc/PID/stat utime + stime).")
        threads = gauge("threads", "Threads of \(whose) (/proc/PID/stat num_threads).")
        openDescriptors = gauge(
            "open_fds", "Open file descriptors of \(whose), absent where they may not be read (/proc/PID/fd).")
        maxDescriptors = gauge(
            "max_fds", "Most file descriptors that \(whose) may open (/proc/PID/limits, soft limit).")
        startTime = gauge(
            "start_time_seconds", "When \(whose) began, in seconds since 1970 (/proc/PID/stat starttime + btime).")
    }

    /// Fills all but the start time and the open descriptors.
    func add(_ facts: ProcessFacts, to samples: inout Samples) {
        samples.add(residentMemory, Double(facts.residentPages) * SystemUnits.pageSize)
        samples.add(cpuSeconds, Double(facts.stat.cpuTicks) / SystemUnits.ticksPerSecond)
        samples.add(threads, Double(facts.stat.threads))
        samples.add(maxDescriptors, ifKnown: facts.limits?.openFiles.map { Double($0) })
    }
}
