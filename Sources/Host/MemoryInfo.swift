// The host's memory as /proc/meminfo has it. In a container too these are the host's figures; the container's own are
// the cgroup families.

import Metrics

/// `system_memory_*` and `system_swap_*`, from proc_meminfo(5).
enum MemoryInfo {
    static let total = Descriptor(
        .gauge, "system_memory_total_bytes", help: "Memory of the host (/proc/meminfo MemTotal).")
    static let available = Descriptor(
        .gauge, "system_memory_available_bytes",
        help: "Memory that new work could have without swapping (/proc/meminfo MemAvailable).")
    static let used = Descriptor(
        .gauge, "system_memory_used_bytes",
        help: "Memory of the host that is not available (/proc/meminfo MemTotal - MemAvailable).")
    static let swapTotal = Descriptor(
        .gauge, "system_swap_total_bytes", help: "Swap space of the host (/proc/meminfo SwapTotal).")
    static let swapFree = Descriptor(
        .gauge, "system_swap_free_bytes", help: "Swap space of the host that is free (/proc/meminfo SwapFree).")

    static let all = [total, available, used, swapTotal, swapFree]

    /// Fields that are shown as they are, in kB in the file.
    private static let fields = [
        (name: "MemTotal", descriptor: total),
        (name: "MemAvailable", descriptor: available),
        (name: "SwapTotal", descriptor: swapTotal),
        (name: "SwapFree", descriptor: swapFree),
    ]

    /// Decodes `MemTotal:       24682416 kB` and its like.
    ///
    /// A field that the kernel does not have (MemAvailable before Linux 3.14) is absent. Returns nil when a field is no
    /// number of kB, or when there is no MemTotal.
    static func samples(from text: Text) -> Samples? {
        var samples = Samples()
        for line in text.lines {
            guard let (name, rest) = line.split(atFirst: UInt8(ascii: ":")),
                let field = fields.first(where: { name.equals($0.name) })
            else { continue }
            var words = rest.words
            guard let kilobytes = words.nextNumber(), words.next()?.equals("kB") == true else { return nil }
            samples.add(field.descriptor, Double(kilobytes) * 1024)
        }
        guard let total = samples.first(total) else { return nil }
        samples.add(used, ifKnown: samples.first(available).map { max(total - $0, 0) })
        return samples
    }
}
