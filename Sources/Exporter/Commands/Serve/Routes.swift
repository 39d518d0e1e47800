// The endpoints: /metrics and /health, and nothing else. Everything here answers from memory.

import HTTP
import Metrics

/// What the program answers to HTTP requests. A class, because its handlers are methods: each call would copy a struct.
final class Routes: Sendable {
    private let polling: @Sendable () -> Polling
    private let heartbeats: Heartbeats
    private let rhythm: RhythmDesk
    private let chooser = PageChooser()
    private let started = ContinuousClock.now

    /// - Parameter polling: what is polled at the moment of a request; it changes when the configuration is read again.
    init(heartbeats: Heartbeats, rhythm: RhythmDesk, polling: @escaping @Sendable () -> Polling) {
        self.polling = polling
        self.heartbeats = heartbeats
        self.rhythm = rhythm
    }

    var router: HTTPRouter {
        HTTPRouter(WebPage.allCases.map(route), hint: "not found; this server has /metrics and /health")
    }

    private func route(to page: WebPage) -> HTTPRouter.Route {
        switch page {
        case .root: .path(page.pattern) { _ in Self.links }
        case .metrics: .path(page.pattern, metrics)
        case .health: .path(page.pattern, health)
        case .live: .path(page.pattern, live)
        case .ready: .path(page.pattern, ready)
        case .component: .named(under: WebPage.health.pattern, component)
        }
    }

    /// For people who open the address in a browser; relative, so that they work behind a path as well.
    private static let links = HTTPResponse(
        contentType: "text/html; charset=utf-8",
        body: HTTPBody(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Sidelong</title></head>
            <body><h1>Sidelong</h1><p><a href="metrics">Metrics</a></p><p><a href="health">Health</a></p></body></html>

            """))

    @Sendable private func metrics(_ request: HTTPRequest) -> HTTPResponse {
        let choice = chooser.choice(for: request)
        let polling = polling()
        let page = polling.pages.page(in: choice.format, compressed: choice.isCompressed)
        var fields = [(name: "Vary", value: "Accept, Accept-Encoding")]
        if page.isCompressed { fields.append((name: "Content-Encoding", value: "gzip")) }
        var response = HTTPResponse(contentType: choice.format.contentType, fields: fields, body: page.body)
        if let scraper = Scraper(request) {
            // The scraper waits for its page, and for nothing that is learned from its coming.
            let now = ContinuousClock.now
            response.afterwards = { [rhythm] in
                let taken = polling.registry.contents.reports.compactMap(\.snapshot?.taken)
                guard let next = rhythm.scraped(by: scraper, at: now, taken) else { return }
                polling.pages.makeReady(choice.format, compressed: choice.isCompressed, before: next)
            }
        }
        return response
    }

    @Sendable private func health(_ request: HTTPRequest) -> HTTPResponse {
        rhythm.looked()
        let health = polling().health
        return Self.json(health.status.httpStatus, health.json(uptime: started.duration(to: .now), at: .now))
    }

    @Sendable private func component(_ request: HTTPRequest, _ name: String) -> HTTPResponse {
        rhythm.looked()
        let components = polling().health.components
        guard let health = components.first(where: { $0.name == name })?.health else {
            let known = components.map(\.name).joined(separator: ", ")
            return .line(404, "no such component; there are live, ready, \(known)")
        }
        return Self.json(health.status.httpStatus, health.json)
    }

    @Sendable private func live(_ request: HTTPRequest) -> HTTPResponse {
        let silent = heartbeats.silent()
        guard silent.isEmpty else {
            return Self.json(
                503, .object([("status", .string("stuck")), ("loops", .string(silent.joined(separator: ", ")))]))
        }
        return Self.json(200, .object([("status", .string("live")), ("timestamp", .string(Timestamp.now.rfc3339))]))
    }

    @Sendable private func ready(_ request: HTTPRequest) -> HTTPResponse {
        let isReady = polling().isReady
        return Self.json(
            isReady ? 200 : 503,
            .object([
                ("status", .string(isReady ? "ready" : "starting")), ("timestamp", .string(Timestamp.now.rfc3339)),
            ]))
    }

    private static func json(_ status: Int, _ value: JSON) -> HTTPResponse {
        HTTPResponse(
            status: status, contentType: "application/json", fields: [(name: "Cache-Control", value: "no-store")],
            body: HTTPBody(String(decoding: value.bytes + [UInt8(ascii: "\n")], as: UTF8.self)))
    }
}
