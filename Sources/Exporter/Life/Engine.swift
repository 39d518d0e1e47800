// An engine is everything that one configuration sets in motion: the sources, their runners, the registry and the page.
// SIGHUP makes a new engine beside the old one and then lets the old one go.

import Metrics

/// One configuration at work.
final class Engine: Sendable {
    let registry: Registry
    let components: [Health.Component]
    let pages: PageStore
    private let runners: [Task<Void, Never>]

    /// Starts polling at once.
    ///
    /// - Parameter live: samples that are taken at the moment of each scrape.
    init(
        _ configuration: Configuration, _ wire: Wire, log: Log, heartbeats: Heartbeats,
        live: @escaping @Sendable () -> Samples
    ) {
        let sources = Sources.all(of: configuration, wire)
        let registry = Registry(sources)
        self.registry = registry
        components = HealthRules(configuration.settings).components
        pages = PageStore(
            registry, excluding: configuration.settings[Options.metricsExclude].map(NamePattern.init), live: live)
        runners = sources.enumerated().map { index, source in
            // A name of its own for each engine, so that an old loop that ends late is not taken for the new one.
            let loop = heartbeats.newLoop(source.name)
            let runner = Runner(
                index: index, source: source, registry: registry, log: log, clock: ContinuousClock(),
                heartbeat: { heartbeats.beat(loop, pause: $0) }, random: { Double.random(in: 0...1) })
            return Task {
                await runner.run()
                heartbeats.forget(loop)
            }
        }
    }

    /// Whether every source has been polled, whatever came of it.
    var isReady: Bool { registry.contents.reports.allSatisfy(\.isPolled) }

    var health: Health { Health(components, registry.contents.reports) }

    /// Stops polling. A poll that is under way ends on its own; with the last reference to this engine its connections go.
    func stop() {
        runners.forEach { $0.cancel() }
    }
}
