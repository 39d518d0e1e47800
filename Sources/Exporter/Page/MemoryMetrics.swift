// What the program holds for others, and what it had to give up: the budget of bytes on the page.

import Host
import Metrics
import System

/// The budget as samples.
enum MemoryMetrics {
    static let limit = Descriptor(
        .gauge, "sidelong_memory_limit_bytes",
        help: "What Sidelong may take in all: --memory.limit, or three quarters of its container's limit.")
    static let held = Descriptor(
        .gauge, "sidelong_memory_bytes", labels: ["use"],
        help: "What Sidelong holds for others, by use; each use has a bound.")
    static let shed = Descriptor(
        .counter, "sidelong_memory_shed_total", labels: ["use"],
        help: "How often Sidelong gave something up because there was no room for it, by use.")

    static let descriptors = [limit, held, shed]

    static func live(_ budget: MemoryBudget) -> some LiveSource {
        LiveSamples(of: { budget.figures }) { samples($0, limit: budget.limit) }
    }

    static func samples(_ figures: [MemoryBudget.Use: MemoryBudget.Figures], limit most: Int) -> Samples {
        var samples = Samples()
        samples.add(limit, Double(most))
        for use in MemoryBudget.Use.allCases {
            let figures = figures[use] ?? MemoryBudget.Figures()
            samples.add(held, Double(figures.held), use.rawValue)
            samples.add(shed, Double(figures.shed), use.rawValue)
        }
        return samples
    }
}

extension MemoryBudget {
    /// The budget that the options set, or the container that this process runs in.
    convenience init(_ settings: Settings) {
        let container = ContainerMemory.limit(
            procfs: settings[Options.hostProcFS], cgroupfs: settings[Options.hostCgroupFS])
        self.init(limit: settings[Options.memoryLimit] ?? Self.limit(inContainerOf: container))
    }
}
