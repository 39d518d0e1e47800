// What the rhythm has to know of a scraper.

import HTTP

/// One client that scrapes: Prometheus and its kin say how long they wait, and people with curl do not.
struct Scraper: Hashable, Sendable {
    let client: ClientAddress
    /// The User-Agent, cut to 64 bytes: several scrapers may come from one address.
    private let agent: [UInt8]

    /// Nil for a request that no scraper makes.
    init?(_ request: HTTPRequest) {
        guard request.field("X-Prometheus-Scrape-Timeout-Seconds") != nil else { return nil }
        self.init(client: request.client, agent: request.field("User-Agent") ?? "")
    }

    init(client: ClientAddress, agent: String) {
        self.client = client
        self.agent = Array(agent.utf8.prefix(64))
    }
}
