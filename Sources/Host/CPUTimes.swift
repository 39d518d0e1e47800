// Where the host's processors spent their time, from the first lines of /proc/stat.

import Metrics

/// `system_cpu_seconds_total` and `system_cpus`, from proc_stat(5).
struct CPUTimes: Sendable, Equatable {
    static let seconds = Descriptor(
        .counter, "system_cpu_seconds_total", labels: ["mode"],
        help: "Time of all processors of the host by what they did (/proc/stat, line cpu).")
    static let count = Descriptor(
        .gauge, "system_cpus", help: "Processors of the host that are online (/proc/stat, lines cpuN).")

    static let all = [seconds, count]

    /// The columns of the line `cpu`. Two more, `guest` and `guest_nice`, are left out: they are in `user` and `nice`
    /// already, and the modes have to add up to all of the time.
    private static let modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"]

    /// Clock ticks by mode, in the order of the columns; old kernels have fewer.
    private(set) var ticks: [UInt64] = []
    private(set) var processors = 0

    /// Decodes the leading `cpu` lines; nil without the first of them, or when a column is no number.
    init?(_ text: Text) {
        for line in text.lines {
            var words = line.words
            guard let name = words.next(), name.hasPrefix("cpu") else { break }
            if name.equals("cpu") {
                for column in words.prefix(Self.modes.count) {
                    guard let number = column.number else { return nil }
                    ticks.append(number)
                }
            } else {
                processors += 1
            }
        }
        guard !ticks.isEmpty else { return nil }
    }

    /// The same, but with no mode behind what `earlier` had already.
    ///
    /// The kernel's `idle` and `iowait` step back by a few ticks now and then (proc_stat(5)). A counter that steps back
    /// looks like a restart, and a rate over it like years of work. A larger step is a restart indeed and stands.
    func steadied(after earlier: CPUTimes?) -> CPUTimes {
        guard let earlier, earlier.ticks.count == ticks.count else { return self }
        var steady = self
        for (index, (now, before)) in zip(ticks, earlier.ticks).enumerated()
        where now < before && Double(before - now) < 3 * SystemUnits.ticksPerSecond {
            steady.ticks[index] = before
        }
        return steady
    }

    func add(to samples: inout Samples) {
        for (mode, ticks) in zip(Self.modes, ticks) {
            samples.add(Self.seconds, Double(ticks) / SystemUnits.ticksPerSecond, mode)
        }
        samples.add(Self.count, ifKnown: processors > 0 ? Double(processors) : nil)
    }
}
