import TestKit

/// A Sidelong and the Prometheus that scrapes it, for tests that do what an alert is about and see it come and go.
final class Watch: Sendable {
    let sidelong: Sidelong
    let prometheus: ShippedPrometheus

    /// Between one action and the next look; rules are evaluated once a second.
    private static let pause = Duration.milliseconds(200)
    /// Mostly some ten seconds are enough. On a machine that is busy otherwise scrapes and rules come late.
    private static let patience = Duration.seconds(300)

    /// - Parameter kept: for how many seconds an alert stays whose series are gone.
    init(_ arguments: [String], kept: Int = 1) async throws {
        sidelong = try await Sidelong(
            arguments + [
                "--wire.interfaces=off", "--redis.interval=300ms", "--postgres.interval=300ms",
                "--pgbouncer.interval=300ms", "--host.interval=1s", "--retry.delay=200ms",
            ])
        prometheus = try await ShippedPrometheus(target: "127.0.0.1:\(sidelong.port)", kept: kept)
    }

    /// Repeats an action until each of the alerts has fired, and returns them by name.
    ///
    /// - Parameter target: the server that the alerts are about, where Sidelong watches several.
    @discardableResult
    func fire(
        _ names: [String], at target: String? = nil, by action: () async throws -> Void = {}
    ) async throws -> [String: ShippedPrometheus.Alert] {
        var fired: [String: ShippedPrometheus.Alert] = [:]
        do {
            try await eventually("alerts", within: Self.patience) {
                try await action()
                try await Task.sleep(for: Self.pause)
                for alert in try alerts(at: target) where alert.state == "firing" {
                    if let name = alert.labels["alertname"] { fired[name] = alert }
                }
                return names.allSatisfy { fired[$0] != nil }
            }
        } catch let error as NeverHappened {
            let missing = names.filter { fired[$0] == nil }.joined(separator: ", ")
            throw NeverHappened(description: "\(error); \(missing) at \(target ?? "Sidelong") did not fire")
        }
        return fired
    }

    /// Repeats an action until none of the alerts fires or is about to.
    func resolve(
        _ names: [String], at target: String? = nil, by action: () async throws -> Void = {}
    ) async throws {
        try await eventually("\(names) at \(target ?? "Sidelong") resolved", within: Self.patience) {
            try await action()
            try await Task.sleep(for: Self.pause)
            return try alerts(at: target).allSatisfy { !names.contains($0.labels["alertname"] ?? "") }
        }
    }

    /// The names of the alerts that fire now.
    func firing() throws -> Set<String> {
        Set(try prometheus.alerts().filter { $0.state == "firing" }.compactMap { $0.labels["alertname"] })
    }

    private func alerts(at target: String?) throws -> [ShippedPrometheus.Alert] {
        let alerts = try prometheus.alerts()
        return target == nil ? alerts : alerts.filter { $0.labels["target"] == target }
    }
}

extension RedisServer {
    /// Sends inline commands on a connection of their own and waits until all are answered.
    func send(_ commands: String) throws {
        let socket = try RawSocket(port: port)
        try socket.send(commands + "QUIT\r\n")
        _ = try socket.receiveAll()
    }
}
