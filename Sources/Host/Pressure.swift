// Time that tasks lost because a resource was short: pressure stall information. Kernels before 4.20, or built or
// booted without it, have none, and then these families are absent.

import Metrics

/// One file of /proc/pressure and its families, after the kernel's accounting/psi document.
struct Pressure: Sendable {
    /// The file's name.
    let resource: String
    /// Line `some`: at least one task waited.
    let waiting: Descriptor
    /// Line `full`: every task that had work waited. Says nothing for the processors of a host, where it is always 0.
    let stalled: Descriptor?

    static let resources = [
        Pressure(resource: "cpu", isStalledKnown: false),
        Pressure(resource: "memory", isStalledKnown: true),
        Pressure(resource: "io", isStalledKnown: true),
    ]

    static let all = resources.flatMap { [$0.waiting] + ($0.stalled.map { [$0] } ?? []) }

    private init(resource: String, isStalledKnown: Bool) {
        self.resource = resource
        waiting = Descriptor(
            .counter, "system_pressure_\(resource)_waiting_seconds_total",
            help: "Time in which some task of the host waited for \(resource) (/proc/pressure/\(resource), some).")
        stalled =
            !isStalledKnown
            ? nil
            : Descriptor(
                .counter, "system_pressure_\(resource)_stalled_seconds_total",
                help:
                    "Time in which no task of the host got on for want of \(resource) (/proc/pressure/\(resource), full)."
            )
    }

    /// Decodes `some avg10=0.02 avg60=0.31 avg300=0.25 total=3174439`, in microseconds.
    ///
    /// Returns nil without a line `some`, or when a total is no number. A missing line `full` (processors before Linux
    /// 5.13) is absent.
    func samples(from text: Text) -> Samples? {
        var samples = Samples()
        for line in text.lines {
            var words = line.words
            guard let name = words.next(), let descriptor = descriptor(ofLine: name) else { continue }
            guard let total = words.first(where: { $0.hasPrefix("total=") }),
                let microseconds = total.split(atFirst: UInt8(ascii: "="))?.after.number
            else { return nil }
            samples.add(descriptor, Double(microseconds) / 1e6)
        }
        return samples[waiting].isEmpty ? nil : samples
    }

    private func descriptor(ofLine name: Text) -> Descriptor? {
        if name.equals("some") { return waiting }
        return name.equals("full") ? stalled : nil
    }
}
