import Testing

@testable import Exporter

/// The line above the tables.
@Suite struct TopHeadTests {
    private func items(_ first: String, _ second: String? = nil) throws -> [String: TopHead.Item] {
        let figures = try TopFiguresTests.figures(first, second ?? first)
        return Dictionary(uniqueKeysWithValues: TopHead.items(figures).map { ($0.name, $0) })
    }

    @Test func whatWorks() throws {
        let items = try items(
            """
            redis_up 1
            redis_memory_used_bytes 1048576
            redis_connected_clients 12
            redis_commands_processed_total 0
            pg_up 1
            pg_connections_used 5
            pg_connections_usable 97
            pgbouncer_up 1
            pgbouncer_pools_client_waiting_connections{database="a",user="b"} 2
            sidelong_wire_packets_total{interface="lo"} 4
            sidelong_wire_packets_dropped_total{interface="lo"} 0
            sidelong_wire_coverage_ratio 0.997
            sidelong_health_status{component="overall",status="healthy"} 1
            sidelong_health_status{component="overall",status="degraded"} 0
            """,
            """
            redis_up 1
            redis_memory_used_bytes 1048576
            redis_connected_clients 12
            redis_commands_processed_total 500
            pg_up 1
            pg_connections_used 5
            pg_connections_usable 97
            pgbouncer_up 1
            pgbouncer_pools_client_waiting_connections{database="a",user="b"} 2
            sidelong_wire_packets_total{interface="lo"} 4
            sidelong_wire_packets_dropped_total{interface="lo"} 0
            sidelong_wire_coverage_ratio 0.997
            sidelong_health_status{component="overall",status="healthy"} 1
            sidelong_health_status{component="overall",status="degraded"} 0
            """)
        #expect(items["Redis"]?.text == "up, 1.0 MiB, 12 clients, 50/s")
        #expect(items["Postgres"]?.text == "up, 5 of 97 connections")
        #expect(items["PgBouncer"]?.text == "up, 2 waiting")
        #expect(items["capture"] == .init(name: "capture", text: "99.7 % measured", isWell: true))
        #expect(items["health"] == .init(name: "health", text: "healthy", isWell: true))
    }

    @Test func whatDoesNot() throws {
        let items = try items(
            """
            redis_up{target="a:1"} 1
            redis_up{target="b:2"} 0
            pg_up 0
            sidelong_wire_packets_total{interface="lo"} 4
            sidelong_wire_packets_dropped_total{interface="lo"} 0
            sidelong_health_status{component="overall",status="unhealthy"} 1
            sidelong_health_status{component="redis",status="unhealthy"} 1
            sidelong_health_status{component="host",status="healthy"} 1
            """,
            """
            redis_up{target="a:1"} 1
            redis_up{target="b:2"} 0
            pg_up 0
            sidelong_wire_packets_total{interface="lo"} 4
            sidelong_wire_packets_dropped_total{interface="lo"} 70
            sidelong_health_status{component="overall",status="unhealthy"} 1
            sidelong_health_status{component="redis",status="unhealthy"} 1
            sidelong_health_status{component="host",status="healthy"} 1
            """)
        #expect(items["Redis"] == .init(name: "Redis", text: "1 of 2 up", isWell: false))
        #expect(items["Postgres"] == .init(name: "Postgres", text: "down", isWell: false))
        #expect(items["PgBouncer"] == nil)
        #expect(items["capture"] == .init(name: "capture", text: "on, 7 packets/s lost", isWell: false))
        #expect(items["health"] == .init(name: "health", text: "unhealthy (redis)", isWell: false))
    }
}
