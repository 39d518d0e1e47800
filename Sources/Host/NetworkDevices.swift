// Traffic by network device, of the network namespace that Sidelong runs in: in a pod that is the pod's, shared by all
// of its containers.

import Metrics

/// `system_network_*`, from /proc/net/dev of proc_pid_net(5).
enum NetworkDevices {
    /// The columns that are shown, counted after the device's name, in ascending order.
    private static let columns = [
        (index: 0, descriptor: counter("receive", "bytes", "bytes")),
        (index: 1, descriptor: counter("receive", "packets", "packets")),
        (index: 2, descriptor: counter("receive", "errors", "errs")),
        (index: 3, descriptor: counter("receive", "dropped", "drop")),
        (index: 8, descriptor: counter("transmit", "bytes", "bytes")),
        (index: 9, descriptor: counter("transmit", "packets", "packets")),
        (index: 10, descriptor: counter("transmit", "errors", "errs")),
        (index: 11, descriptor: counter("transmit", "dropped", "drop")),
    ]

    static let all = columns.map(\.descriptor)

    private static func counter(_ direction: String, _ what: String, _ column: String) -> Descriptor {
        Descriptor(
            .counter, "system_network_\(direction)_\(what)_total", labels: ["device"],
            help: "Network device, \(direction) \(what), in this network namespace (/proc/net/dev \(column)).")
    }

    /// Decodes `  eth0: 70637248    2368    0 …` under two lines of headings.
    ///
    /// Returns nil without the headings, and when a device's line has too few columns or one that is no number. No
    /// device at all is no failure.
    static func samples(from text: Text) -> Samples? {
        var samples = Samples()
        var lines = text.lines
        guard lines.next() != nil, lines.next() != nil else { return nil }
        for line in lines {
            guard let (name, numbers) = line.split(atLast: UInt8(ascii: ":")), let device = name.words.first?.string
            else { return nil }
            var words = numbers.words
            var position = 0
            for column in columns {
                words.skip(column.index - position)
                position = column.index + 1
                guard let value = words.nextNumber() else { return nil }
                samples.add(column.descriptor, Double(value), device)
            }
        }
        return samples
    }
}
