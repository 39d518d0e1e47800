// Everything that one configuration sets in motion: the sources, their runners, the registry and the page. SIGHUP makes
// it anew; the new one goes on from what the old one knew of the same targets, and the old one is let go.

import Metrics

/// One configuration at work.
final class Polling: Sendable {
    let components: [Health.Component]
    let pages: PageStore
    private let roster: Roster

    var registry: Registry { roster.registry }
    /// Its runners that have not ended, also when nothing else is left of it.
    var running: RunningCount { roster.running }

    /// Starts polling at once.
    ///
    /// - Parameters:
    ///   - former: what was known before. Until a source's first poll has ended its page shows that; counts of
    ///     polls and failures go on from there. Breakers begin closed, so that every target is tried at once.
    ///   - rhythm: of the scrapes; polls follow it with `--poll.align`.
    ///   - live: samples that are taken at the moment of each scrape.
    init(
        _ configuration: Configuration, _ wire: Wire, after former: Sources.Former? = nil, log: Log,
        heartbeats: Heartbeats, rhythm: RhythmDesk, live: [any LiveSource]
    ) {
        let settings = configuration.settings
        let registry = Registry()
        components = HealthRules(settings, gateway: wire.gateway).components
        let pages = PageStore(
            registry, excluding: configuration.settings[Options.metricsExclude].map(NamePattern.init),
            live: live + [HealthMetrics.live(components, registry)], log: log)
        self.pages = pages
        roster = Roster(
            registry, log: log, heartbeats: heartbeats, rhythm: settings[Options.pollAlign] == .on ? rhythm : nil,
            whenReady: pages.takeIn)
        let reports = former?.reports ?? []
        for source in Sources.all(of: configuration, wire, after: former) { roster.add(source, after: reports) }
        for group in Sources.groups(of: configuration, wire) { roster.add(group, after: reports) }
    }

    /// Whether every source has been polled, whatever came of it.
    var isReady: Bool { roster.isReady }

    var health: Health { Health(components, registry.contents.reports) }

    /// Stops polling. A poll that is under way ends on its own; with the last reference to this its connections
    /// go.
    func stop() {
        roster.stop()
    }
}
