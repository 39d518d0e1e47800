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

    private static func figures(_ wire: Wire) -> [MemoryBudget.Use: MemoryBudget.Figures] {
        note(wire)
        return wire.memory.figures
    }

    /// Takes note of what the capture and its engine hold, which keep within their shares by themselves.
    static func note(_ wire: Wire) {
        let traffic = wire.engine.memory
        let uses: [(MemoryBudget.Use, TrafficMemory.Use)] = [
            (.flows, traffic.flows), (.exchanges, traffic.exchanges), (.fragments, traffic.fragments),
        ]
        for (use, its) in uses {
            wire.memory.hold(MemoryBudget.Figures(held: its.held, shed: its.shed), for: use)
        }
        if case .running(let capture) = wire.state {
            wire.memory.hold(capture.status.rings.reduce(0) { $0 + $1.bytes }, for: .rings)
        }
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
