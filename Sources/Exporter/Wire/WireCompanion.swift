// What a Redis is asked for the sake of the measurement, and where the answers go.

import Capture
import Redis
import System
import Traffic

extension RedisCompanion {
    /// Everything that the measurement of traffic wants from one Redis.
    ///
    /// - Parameter label: the value of its `target` label.
    init(_ wire: Wire, _ label: String, _ latencies: KeyLatencies, probing keys: [String]) {
        self.init()
        let engine = wire.engine
        let target = wire.number(of: label)
        keyGroup = { engine.name($0, of: target).keyGroup }
        onSlowCommands = { commands in
            for command in commands {
                let microseconds = UInt64(clamping: command.microseconds)
                let (nanoseconds, isTooLong) = microseconds.multipliedReportingOverflow(by: 1000)
                latencies.record(
                    engine.name(command.arguments, of: target), .slowlog, nanoseconds: isTooLong ? .max : nanoseconds)
            }
        }
        probedKeys = keys
        onProbe = { key, duration in
            let name = engine.name([Array("type".utf8), Array(key.utf8)], of: target)
            latencies.record(name, .probe, nanoseconds: UInt64(clamping: Int64(duration.seconds * 1e9)))
        }
        guard case .running = wire.state else { return }
        onCommands = { engine.learn($0.map(ServerCommand.init), of: target) }
        busyQueues = { engine.busiestQueues(of: target, BusyKey.most).compactMap(BusyKey.init) }
        busyChannels = { engine.busiestChannels(of: target, BusyKey.most).compactMap(BusyKey.init) }
        if wire.settings.targets.count > 1 { onConnect = { wire.locate(label, at: $0) } }
        wantsClients = { engine.connectionsOfUnknownUser(of: target) > 0 }
        onClients = { clients in
            let users = clients.compactMap { client in Endpoint(client.address).map { ($0, client.user) } }
            engine.learnUsers(Dictionary(users) { first, _ in first }, of: target)
        }
    }
}

extension Wire {
    /// Keeps connections of the program itself out of the measurement; nil where nothing is captured.
    var ownConnections: ConnectionWatch? {
        guard case .running = state else { return nil }
        let engine = engine
        return ConnectionWatch(
            opened: { local in if let end = Endpoint(local) { engine.leaveOut(end) } },
            closed: { local in if let end = Endpoint(local) { engine.hasClosed(end) } })
    }

    /// Begins with the targets of a configuration.
    func begin(_ addresses: [RedisAddress]) {
        coverage.begin()
        readability.begin(addresses)
    }

    /// Takes what a poll has learned of a Redis.
    func polled(_ label: String, _ address: RedisAddress, _ status: RedisTargetStatus) {
        guard case .running = state, let counted = status.counted else { return }
        readability.learn(address, listeningOn: status.port)
        let elapsed = UInt64(clamping: Int64(counted.duration(to: .now).seconds * 1e9))
        coverage.polled(label, of: number(of: label), Coverage.Count(status), at: LiveCapture.now() &- elapsed)
    }
}

extension Endpoint {
    fileprivate init?(_ local: LocalEndpoint) {
        guard let address = Address(bytes: local.address) else { return nil }
        self.init(address: address, port: local.port)
    }
}

extension BusyKey {
    /// Nil for a name that is no text.
    fileprivate init?(_ busy: BusyName) {
        guard let name = String(validating: busy.name, as: UTF8.self) else { return nil }
        self.init(name: name, label: busy.group, isSharded: busy.isSharded)
    }
}

extension Coverage.Count {
    /// Nil for a replica: what its primary sends is counted like commands of clients, and passes no port of its own.
    init?(_ status: RedisTargetStatus) {
        guard status.role != .replica, let commands = status.commandsProcessed else { return nil }
        self.init(clients: commands - Double(status.ownCommands), number: status.count)
    }
}

extension ServerCommand {
    fileprivate init(_ command: RedisCommand) {
        self.init(
            name: command.name, flags: command.flags, firstKey: command.firstKey,
            keySearch: command.keySearch.map(KeySearch.init), subcommands: command.subcommands.map(ServerCommand.init))
    }
}

extension ServerCommand.KeySearch {
    fileprivate init(_ search: RedisCommand.KeySearch) {
        switch search {
        case .index(let position): self = .index(position)
        case .count(let position): self = .count(position)
        case .keyword(let word, let position): self = .keyword(word, from: position)
        case .notAKey: self = .notAKey
        }
    }
}
