import Foundation
import Glibc
import TestKit
import Testing

/// What `make run` starts when there is nothing to watch. Needs CAP_NET_RAW.
@Suite struct DemoTests {
    /// Requests by method and status, as the gateway's access log has them.
    private func log(of demo: Demo) throws -> [String: Double] {
        let text = try String(contentsOfFile: demo.servers() + "/access.log", encoding: .utf8)
        var counts: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            counts["\(words[0]) \(words[2])", default: 0] += 1
        }
        return counts
    }

    /// The gateway's statements by what they do, as pg_stat_statements has them.
    private func statements(of demo: Demo) throws -> [String: Double] {
        let settings = try String(contentsOfFile: demo.servers() + "/postgres/pgbouncer.ini", encoding: .utf8)
        let port = try #require(settings.firstMatch(of: /host=127.0.0.1 port=(\d+)/)).1
        let query = """
            SELECT CASE WHEN word IN ('begin', 'commit') THEN 'transaction' ELSE word END, sum(calls)
            FROM (
                SELECT lower(substring(query, '^[A-Za-z]+')) AS word, calls
                FROM pg_stat_statements WHERE userid = 'gateway'::regrole
            ) AS statements
            GROUP BY 1
            """
        let result = try ServerProcess.run(
            DatabaseRelease.postgres.path("psql"),
            ["-X", "-A", "-t", "-c", query, "postgres://postgres@127.0.0.1:\(port)/postgres"])
        return result.output.split(separator: "\n").reduce(into: [:]) { counts, line in
            let cells = line.split(separator: "|")
            counts[String(cells[0])] = cells.count == 2 ? Double(cells[1]) : nil
        }
    }

    /// The sums of a family by one of its labels.
    private func counts(
        by name: String, of family: String, _ matcher: String, on demo: Demo
    ) throws -> [String: Double] {
        try demo.values(of: family).reduce(into: [:]) { counts, sample in
            if sample.key.contains(matcher) || matcher.isEmpty {
                counts[label(name, in: sample.key), default: 0] += sample.value
            }
        }
    }

    /// A Grafana as far as the demo is concerned: it listens where it is told to, and shows how it was configured.
    private static let grafana = """
        #!/usr/bin/env python3
        import http.server, os
        settings = os.environ["GF_PATHS_PROVISIONING"]
        os.chdir(settings)
        address = (os.environ["GF_SERVER_HTTP_ADDR"], int(os.environ["GF_SERVER_HTTP_PORT"]))
        http.server.ThreadingHTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()

        """

    /// Listens where the demo would by default; where another program does, as soon as that one leaves.
    private func squatter(in folder: TemporaryFolder) throws -> ServerProcess {
        let program = """
            import socket, time
            held, free = [], [9121, 9090, 3000]
            while True:
                for port in list(free):
                    listener = socket.socket()
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try: listener.bind(("127.0.0.1", port)); listener.listen()
                    except OSError: listener.close(); continue
                    held.append(listener); free.remove(port)
                print("held", flush=True)
                while not free: time.sleep(3600)
                time.sleep(0.02)
            """
        return try ServerProcess("python3", ["-c", program], in: folder)
    }

    /// With every default port taken and a Grafana installed: a thousand requests are what the witnesses have counted.
    @Test func aThousandRequestsAreCountedAsTheGatewayAndPostgresCountThem() async throws {
        let tools = try TemporaryFolder()
        let grafana = try tools.write(Self.grafana, to: "grafana-server")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: grafana)
        let squatter = try squatter(in: tools)
        try await eventually("taken ports") { squatter.output.contains("held") }
        let demo = try Demo([
            "SIDELONG_DEMO_REQUESTS": "1000", "PATH": "\(tools.url.path):/usr/local/bin:/usr/sbin:/usr/bin:/bin",
        ])
        try await demo.says("What to look at on the page:")
        for words in ["Port 9121 is taken; Sidelong has ", "Port 9090 is taken; prometheus has "] {
            #expect(demo.process.output.contains(words))
        }

        try await eventually("a thousand requests") { try log(of: demo).values.reduce(0, +) == 1_000 }
        let truth = try log(of: demo)
        #expect(truth.keys.contains { $0.hasSuffix(" 500") } && truth.keys.contains { $0.hasSuffix(" 429") })
        try await eventually("http_requests_total as in \(truth)") {
            let seen = try demo.values(of: "http_requests_total").reduce(into: [String: Double]()) { counts, sample in
                counts["\(label("method", in: sample.key)) \(label("status", in: sample.key))", default: 0] +=
                    sample.value
            }
            return seen == truth
        }
        let calls = try statements(of: demo)
        #expect(calls.values.reduce(0, +) > 1_000)
        // Postgres counts what succeeded, the wire also what ended with an error.
        try await eventually("database_queries_total as in \(calls)") {
            let all = try counts(by: "type", of: "database_queries_total", #"source="wire""#, on: demo)
            let failed = try counts(by: "type", of: "database_query_errors_total", "", on: demo)
            let succeeded = all.merging(failed) { $0 - $1 }.filter { $0.value > 0 }
            return succeeded == calls
        }
        try await showsGraphs(demo)
        #expect(try await demo.end(by: SIGINT) == [])
    }

    /// The five lines are those of the page, the three graphs have data, and Grafana has the dashboards.
    private func showsGraphs(_ demo: Demo) async throws {
        let output = demo.process.output
        let advice = output.components(separatedBy: "What to look at on the page:\n").last ?? ""
        for family in [
            "redis_key_command_duration_seconds_bucket{", "http_request_duration_seconds_bucket{",
            "database_table_query_duration_seconds_bucket{", "api_key_requests_total{",
        ] {
            #expect(advice.contains("\n  \(family)"), "\(family) in \(advice)")
        }
        let prometheus = try demo.port(before: " is Prometheus")
        let queries = output.matches(of: /graph\?\S*expr=(\S+)/).map { String($0.1) }
        #expect(queries.count == 3)
        for query in queries {
            try await eventually("data for \(query)") {
                let answer = try request(
                    port: prometheus, "/api/v1/query?query=\(query)", headers: ["Accept-Encoding": "identity"])
                return answer.text.contains(#""value":["#)
            }
        }
        let rules = try request(port: prometheus, "/api/v1/rules", headers: ["Accept-Encoding": "identity"]).text
        #expect(rules.contains(#""name":"RedisDown""#) && rules.contains(#""type":"recording""#))
        let grafana = try demo.port(before: "/dashboards is Grafana")
        let source = try request(port: grafana, "/datasources/sidelong.yaml").text
        #expect(source.contains("url: http://127.0.0.1:\(prometheus)\n"))
        let dashboards = try request(port: grafana, "/dashboards/sidelong.yaml").text
        #expect(dashboards.contains("path: \(Project.root.appending(path: "grafana/dashboards").path)\n"))
    }

    /// As a user without privileges, from a checkout of their own, with traffic that goes on.
    @Test func itIsHealthyForAnyUserAndLeavesNothingBehind() async throws {
        let checkout = try TemporaryFolder()
        for name in ["deploy", "prometheus", "grafana"] {
            try FileManager.default.copyItem(
                at: Project.root.appending(path: name), to: checkout.url.appending(path: name))
        }
        try FileManager.default.copyItem(atPath: Sidelong.binary, toPath: checkout.path("sidelong"))
        let opened = try ServerProcess.run("chmod", ["-R", "a+rX", checkout.url.path])
        #expect(opened.status == 0, "\(opened.output)")
        let port = try freePort()
        let demo = try Demo(
            ["SIDELONG_LISTEN": "127.0.0.1:\(port)"], in: checkout.url, binary: checkout.path("sidelong"),
            through: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"])
        try await demo.says("What to look at on the page:")
        let wish = "No latencies off the wire, for want of CAP_NET_RAW: sudo setcap cap_net_raw+p "
        #expect(demo.process.output.contains(wish + checkout.path("sidelong")))
        let page = try request(port: port, "/metrics").text
        for up in ["redis_up 1", "pg_up 1", "pgbouncer_up 1", #"organizations_total 3"#] {
            #expect(page.contains("\n\(up)\n"), "\(up)")
        }
        #expect(!demo.process.output.contains("superuser") && !demo.process.output.contains("without effect"))
        let performance = try request(port: port, "/health/redis_performance").text
        #expect(performance.contains("hit rate"), "\(performance)")
        #expect(performance.hasPrefix(#"{"status":"healthy""#), "\(performance)")
        // Redis is asked for what its clients want, and not for what a tool wants to know of it.
        #expect(!page.contains(#"cmd="command|docs""#))
        #expect(try demo.processes().count > 5)
        #expect(try await demo.end(by: SIGTERM) == [])
    }
}
