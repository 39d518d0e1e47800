// What a Redis is asked for the sake of the measurement, and where the answers go.

import Capture
import Redis
import Traffic

extension RedisCompanion {
    /// Everything that the measurement of traffic wants from one Redis.
    init(_ wire: Wire, _ latencies: KeyLatencies, probing keys: [String]) {
        self.init()
        let engine = wire.engine
        keyGroup = { engine.name($0).keyGroup }
        onSlowCommands = { commands in
            for command in commands {
                let microseconds = UInt64(clamping: command.microseconds)
                let (nanoseconds, isTooLong) = microseconds.multipliedReportingOverflow(by: 1000)
                latencies.record(
                    engine.name(command.arguments), .slowlog, nanoseconds: isTooLong ? .max : nanoseconds)
            }
        }
        onCommands = { engine.learn($0.map(ServerCommand.init)) }
        probedKeys = keys
        onProbe = { key, duration in
            let name = engine.name([Array("type".utf8), Array(key.utf8)])
            latencies.record(name, .probe, nanoseconds: UInt64(clamping: Int64(duration.seconds * 1e9)))
        }
        guard case .running = wire.state else { return }
        wantsClients = { engine.connectionsOfUnknownUser > 0 }
        onClients = { clients in
            let users = clients.compactMap { client in Endpoint(client.address).map { ($0, client.user) } }
            engine.learnUsers(Dictionary(users) { first, _ in first })
        }
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
