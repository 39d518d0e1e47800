// Everything that this room may put on the page, for the generated metric reference.

public import Metrics

/// The room's descriptors in one list.
public enum Host {
    public static let all: [Descriptor] =
        MemoryInfo.all + CPUTimes.all + LoadAverage.all + Pressure.all + NetworkDevices.all
        + CgroupMemory.all + CgroupCPU.all + RedisProcessCollector.all + SelfProcess.all

    // Those that others look for.
    public static let memoryTotal = MemoryInfo.total
    public static let memoryAvailable = MemoryInfo.available
}
