// What the capture itself has to say on the page; the rest comes from the traffic engine.

public import Metrics

/// The families of the capture.
public enum CaptureFamilies {
    public static let dropped = Descriptor(
        .counter, "sidelong_wire_packets_dropped_total", labels: ["interface"],
        help:
            "Packets that the kernel dropped because the capture's ring was full (packet(7), PACKET_STATISTICS). With auto all interfaces share a ring, interface all."
    )
    public static let ring = Descriptor(
        .gauge, "sidelong_wire_ring_bytes", labels: ["interface"],
        help: "Size of the capture's ring, which is resident memory (--wire.buffer).")
    public static let kept = Descriptor(
        .gauge, "sidelong_wire_kept_bytes", labels: ["interface"],
        help:
            "Bytes that are kept of a packet at the most: all of it, or fewer while large values of Redis would fill the ring."
    )
    public static let returns = Descriptor(
        .counter, "sidelong_wire_interface_returns_total", labels: ["interface"],
        help: "Times that the interface had gone or was down, and is captured again.")
    public static let capturing = Descriptor(
        .gauge, "sidelong_wire_interface_up", labels: ["interface"],
        help: "Whether the interface is being captured (1) or is down (0); absent when it has gone.")
    public static let processorTime = Descriptor(
        .counter, "sidelong_wire_cpu_seconds_total", help: "Processor time of the thread that captures and measures.")

    public static let all = [dropped, ring, kept, returns, capturing, processorTime]
}

extension CaptureStatus {
    /// The samples of all families.
    public func samples() -> Samples {
        var samples = Samples()
        for ring in rings {
            samples.add(CaptureFamilies.dropped, Double(ring.dropped), ring.name)
            samples.add(CaptureFamilies.ring, Double(ring.bytes), ring.name)
            samples.add(CaptureFamilies.kept, Double(ring.kept), ring.name)
        }
        for interface in interfaces {
            samples.add(CaptureFamilies.returns, Double(interface.returns), interface.name)
            samples.add(CaptureFamilies.capturing, interface.isCaptured ? 1 : 0, interface.name)
        }
        samples.add(CaptureFamilies.processorTime, processorSeconds)
        return samples
    }
}
