// What the program holds for others, and what it had to give up: the budget of bytes on the page.

import Capture
import Host
import Metrics
import System
import Traffic

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

    static func live(_ wire: Wire) -> some LiveSource {
        LiveSamples(of: { figures(wire) }) { samples($0, limit: wire.memory.limit) }
    }

    /// Takes note of what the traffic holds, whose engine keeps within its shares by itself.
    ///
    /// - Returns: the figures of its engine.
    @discardableResult
    static func note(_ wire: Wire) -> TrafficMemory {
        let traffic = wire.engine.memory
        wire.memory.hold(traffic.flows.held, for: .flows)
        wire.memory.hold(traffic.exchanges.held, for: .exchanges)
        wire.memory.hold(traffic.fragments.held, for: .fragments)
        if case .running(let capture) = wire.state {
            wire.memory.hold(capture.status.rings.reduce(0) { $0 + $1.bytes }, for: .rings)
        }
        return traffic
    }

    private static func figures(_ wire: Wire) -> [MemoryBudget.Use: MemoryBudget.Figures] {
        let traffic = note(wire)
        return wire.memory.figures.merging([
            .flows: MemoryBudget.Figures(held: traffic.flows.held, shed: traffic.flows.shed),
            .exchanges: MemoryBudget.Figures(held: traffic.exchanges.held, shed: traffic.exchanges.shed),
            .fragments: MemoryBudget.Figures(held: traffic.fragments.held, shed: traffic.fragments.shed),
        ]) { $1 }
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
