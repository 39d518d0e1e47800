// An engine is everything that one configuration sets in motion: the sources, their runners, the registry and the page.
// SIGHUP makes a new engine, which goes on from what the old one knew of the same targets, and lets the old one go.

import Metrics

/// One configuration at work.
final class Engine: Sendable {
    let registry: Registry
    let components: [Health.Component]
    let pages: PageStore
    private let runners: [Task<Void, Never>]

    /// Starts polling at once.
    ///
    /// - Parameters:
    ///   - former: what an earlier engine knew. Until a source's first poll has ended its page shows that; counts of
    ///     polls and failures go on from there. Breakers begin closed, so that every target is tried at once.
    ///   - live: samples that are taken at the moment of each scrape.
    init(
        _ configuration: Configuration, _ wire: Wire, after former: Sources.Former? = nil, log: Log,
        heartbeats: Heartbeats,
        live: [any LiveSource]
    ) {
        let sources = Sources.all(of: configuration, wire, after: former)
        let reports = sources.map { source in
            Report(source, after: former?.reports.first { $0.source.name == source.name })
        }
        let registry = Registry(reports)
        self.registry = registry
        components = HealthRules(configuration.settings).components
        pages = PageStore(
            registry, excluding: configuration.settings[Options.metricsExclude].map(NamePattern.init), live: live,
            log: log)
        runners = sources.enumerated().map { index, source in
            // A name of its own for each engine, so that an old loop that ends late is not taken for the new one.
            let loop = heartbeats.newLoop(source.name)
            let runner = Runner(
                index: index, source: source, first: reports[index], registry: registry, log: log,
                clock: TaskClock(),
                heartbeat: { heartbeats.beat(loop, pause: $0) }, random: { Double.random(in: 0...1) })
            return Task(executorPreference: TaskThread.shared) {
                await runner.run()
                heartbeats.forget(loop)
            }
        }
    }

    /// Whether every source has been polled, whatever came of it.
    var isReady: Bool { registry.contents.reports.allSatisfy(\.isPolled) }

    var health: Health { Health(components, registry.contents.reports) }

    /// Stops polling. A poll that is under way ends on its own; with the last reference to this engine its connections
    /// go.
    func stop() {
        runners.forEach { $0.cancel() }
    }
}
