// The I/O threads, one by one, as Redis 8 and Valkey 9 report them.

import Metrics

enum Threads {
    static let clients = Descriptor(
        .gauge, "redis_io_thread_clients", labels: ["thread"],
        help: "Clients that each I/O thread serves (INFO io_thread_* clients).")
    static let reads = Descriptor(
        .counter, "redis_io_thread_reads_total", labels: ["thread"],
        help: "Reads that each I/O thread has done (INFO io_thread_* reads).")
    static let writes = Descriptor(
        .counter, "redis_io_thread_writes_total", labels: ["thread"],
        help: "Writes that each I/O thread has done (INFO io_thread_* writes).")
    static let activeTime = Descriptor(
        .counter, "redis_active_time_io_thread_seconds_total", labels: ["thread"],
        help: "Time in which each I/O thread of Valkey was at work (INFO used_active_time_io_thread_*).")

    static let descriptors = [clients, reads, writes, activeTime]

    private static let threadPrefix = Array("io_thread_".utf8)
    private static let timePrefix = Array("used_active_time_io_thread_".utf8)

    /// Takes a line on one thread; nil when it is none, false when it makes no sense.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        if let thread = line.rest(after: timePrefix) {
            guard let time = InfoNumber.parse(line.bytes, line.value) else { return false }
            samples.add(activeTime, time, line.text(thread))
            return true
        }
        guard line.isNumbered(threadPrefix), let thread = line.rest(after: threadPrefix) else { return nil }
        var isSound = true
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            let descriptor: Descriptor
            switch line.text(name) {
            case "clients": descriptor = clients
            case "reads": descriptor = reads
            case "writes": descriptor = writes
            default: continue
            }
            if let number = InfoNumber.parse(line.bytes, value) {
                samples.add(descriptor, number, line.text(thread))
            } else {
                isSound = false
            }
        }
        return isSound
    }
}
