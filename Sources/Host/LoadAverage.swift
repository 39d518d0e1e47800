// How many tasks want a processor or wait for a disk, averaged over the last minutes.

import Metrics

/// `system_load1`, `system_load5` and `system_load15`, from proc_loadavg(5).
enum LoadAverage {
    static let all = [
        Descriptor(.gauge, "system_load1", help: "Load of the host over 1 minute (/proc/loadavg)."),
        Descriptor(.gauge, "system_load5", help: "Load of the host over 5 minutes (/proc/loadavg)."),
        Descriptor(.gauge, "system_load15", help: "Load of the host over 15 minutes (/proc/loadavg)."),
    ]

    /// Decodes `0.07 0.07 0.03 1/86 7060`; nil unless all three are there.
    static func samples(from text: Text) -> Samples? {
        guard var words = text.line?.words else { return nil }
        var samples = Samples()
        for descriptor in all {
            guard let load = words.next()?.decimal else { return nil }
            samples.add(descriptor, load)
        }
        return samples
    }
}
