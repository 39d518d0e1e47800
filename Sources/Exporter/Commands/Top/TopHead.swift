// The first line of `sidelong top`: does everything work, at a glance.

/// What the line says.
enum TopHead {
    /// One thing that is watched.
    struct Item: Sendable, Equatable {
        let name: String
        let text: String
        /// Nil where the page does not tell.
        let isWell: Bool?
    }

    private static let commands = TopFeed("redis_commands_processed_total", from: "redis")
    private static let drops = TopFeed("sidelong_wire_packets_dropped_total", from: "wire")

    /// The counters whose growth it shows.
    static let counters = [commands, drops]

    /// In the order of the screen; what the page does not have is left out, except for health.
    static func items(_ figures: TopFigures) -> [Item] {
        [redis(figures), postgres(figures), pgBouncer(figures), capture(figures), health(figures.page)].compactMap {
            $0
        }
    }

    private static func redis(_ figures: TopFigures) -> Item? {
        let page = figures.page
        return target("Redis", page["redis_up"]) {
            [
                page.sum("redis_memory_used_bytes").map { Cell.bytes($0) },
                page.sum("redis_connected_clients").map { "\(Cell.count($0)) clients" },
                figures.rate(commands).map { "\(Cell.count($0))/s" },
            ]
        }
    }

    private static func postgres(_ figures: TopFigures) -> Item? {
        let page = figures.page
        return target("Postgres", page["pg_up"]) {
            guard let used = page.sum("pg_connections_used") else { return [] }
            let usable = page.sum("pg_connections_usable").map { " of \(Cell.count($0))" } ?? ""
            return ["\(Cell.count(used))\(usable) connections"]
        }
    }

    private static func pgBouncer(_ figures: TopFigures) -> Item? {
        target("PgBouncer", figures.page["pgbouncer_up"]) {
            [figures.page.sum("pgbouncer_pools_client_waiting_connections").map { "\(Cell.count($0)) waiting" }]
        }
    }

    /// How much of Redis' commands is measured, and whether packets are lost at this moment.
    private static func capture(_ figures: TopFigures) -> Item? {
        guard !figures.page["sidelong_wire_packets_total"].isEmpty else { return nil }
        let shares = figures.page["sidelong_wire_coverage_ratio"].map(\.value)
        let lost = figures.rate(drops) ?? 0
        var texts = [shares.min().map { "\(Cell.percent($0)) measured" } ?? "on"]
        if lost > 0 { texts.append("\(Cell.count(lost)) packets/s lost") }
        return Item(name: "capture", text: texts.joined(separator: ", "), isWell: lost == 0)
    }

    /// The worst of all components, and those that are not well.
    private static func health(_ page: SeriesPage) -> Item {
        let states = page["sidelong_health_status"].filter { $0.value == 1 }
        guard let overall = states.first(where: { $0.labels["component"] == "overall" })?.labels["status"] else {
            return Item(name: "health", text: "not on this page", isWell: nil)
        }
        let unwell = states.filter { $0.labels["component"] != "overall" && $0.labels["status"] != "healthy" }
            .compactMap { $0.labels["component"] }
        let names = unwell.isEmpty ? "" : " (\(unwell.sorted().joined(separator: ", ")))"
        return Item(name: "health", text: overall + names, isWell: overall == "healthy")
    }

    private static func target(_ name: String, _ up: [Series], _ details: () -> [String?]) -> Item? {
        guard !up.isEmpty else { return nil }
        let working = up.count { $0.value == 1 }
        let state = up.count == 1 ? (working == 1 ? "up" : "down") : "\(working) of \(up.count) up"
        let known = working == 0 ? [] : details().compactMap { $0 }
        return Item(name: name, text: ([state] + known).joined(separator: ", "), isWell: working == up.count)
    }
}
