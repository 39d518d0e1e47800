// Sidelong's own process, under the names that every exporter written with client_golang has.

public import Metrics
import Synchronization

/// Reads the families `process_*` of the process that asks.
///
/// Costs five small files and waits for nothing. What cannot be read is absent.
public final class SelfProcess: Sendable {
    private static let families = ProcessFamilies(prefix: "process", whose: "Sidelong")
    private static let virtualMemory = Descriptor(
        .gauge, "process_virtual_memory_bytes", help: "Address space of Sidelong (/proc/self/stat vsize).")
    private static let virtualMemoryMax = Descriptor(
        .gauge, "process_virtual_memory_max_bytes",
        help: "Largest address space that Sidelong may have, 2^64 - 1 when unlimited (/proc/self/limits).")
    private static let networkReceived = Descriptor(
        .counter, "process_network_receive_bytes_total",
        help:
            "Bytes received over IP in Sidelong's network namespace, by all of its processes (/proc/self/net/netstat).")
    private static let networkSent = Descriptor(
        .counter, "process_network_transmit_bytes_total",
        help: "Bytes sent over IP in Sidelong's network namespace, by all of its processes (/proc/self/net/netstat).")

    /// client_golang's names, and `process_threads` of our own.
    public static let all: [Descriptor] =
        families.all + [virtualMemory, virtualMemoryMax, networkReceived, networkSent]

    private struct State {
        let files = FileReader()
        var startTime: Double?
    }

    private let state = Mutex(State())

    public init() {}

    /// The process at this moment.
    public func samples() -> Samples {
        state.withLock { Self.samples(&$0) }
    }

    private static func samples(_ state: inout State) -> Samples {
        var samples = Samples()
        if let facts = try? ProcessFacts(of: "/proc/self", with: state.files) {
            families.add(facts, to: &samples)
            // The folder itself is open while it is counted, and is not one of the process' descriptors otherwise.
            samples.add(families.openDescriptors, ifKnown: facts.openDescriptors.map { Double(max($0 - 1, 0)) })
            if state.startTime == nil { state.startTime = try? facts.startTime(procfs: "/proc", with: state.files) }
            samples.add(families.startTime, ifKnown: state.startTime)
            samples.add(virtualMemory, Double(facts.stat.virtualBytes))
            samples.add(virtualMemoryMax, ifKnown: facts.limits?.addressSpace.map { Double($0) })
        }
        if let octets = try? state.files.read("/proc/self/net/netstat", as: NetworkOctets.init) {
            samples.add(networkReceived, Double(octets.received))
            samples.add(networkSent, Double(octets.sent))
        }
        return samples
    }
}

extension SelfProcess: Collector {
    public var name: String { "process" }
    public var parts: [String] { [] }

    /// What can be read of the process; never fails.
    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        Collected(samples: samples())
    }
}
