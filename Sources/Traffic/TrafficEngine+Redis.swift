// What a Redis says of itself, and what it is asked in turn: its commands, and the users of its clients.

extension TrafficEngine {
    /// The counts of all targets, or of one; for a number past the last one those of servers that are no target's.
    public var redisTotals: TrafficTotals { lanes.redis.totals }
    public func redisTotals(of target: Int) -> TrafficTotals { lanes.redis.totals(of: target) }

    /// Commands of all targets that came on connections that are in sync, answered or not.
    public var redisArrivals: UInt64 {
        lanes.redis.others.reduce(lanes.redis.books.counts.depths.count) { $0 &+ $1.books.counts.depths.count }
    }

    /// Takes over what a target says of its commands (COMMAND). Without it the built-in list serves.
    public mutating func learn(_ commands: [ServerCommand], of target: Int = 0) {
        lanes.redis.withBooks(of: target) { $0.commands.learn(commands) }
    }

    /// Names a command and the group of its first key, exactly as the wire families would.
    ///
    /// The server has run the command, so its words are learned, and the key counts towards its group's weight, as one
    /// seen on the network does. It does not count among the busiest keys.
    ///
    /// - Parameters:
    ///   - arguments: all of the command's arguments, its name first. They may be cut.
    ///   - target: the number of the target that it was sent to.
    public mutating func name(_ arguments: [[UInt8]], of target: Int = 0) -> CommandName {
        lanes.redis.withBooks(of: target) { $0.name(arguments) }
    }

    /// The queues and the channels of a target that clients use most, by their whole names.
    public mutating func busiestQueues(of target: Int = 0, _ count: Int) -> [BusyName] {
        lanes.redis.withBooks(of: target) { $0.queues.busiest(count) }
    }

    public mutating func busiestChannels(of target: Int = 0, _ count: Int) -> [BusyName] {
        lanes.redis.withBooks(of: target) { $0.channels.busiest(count) }
    }

    /// How many connections of a target there are whose user is not known.
    ///
    /// Costs a pass over all connections.
    public func connectionsOfUnknownUser(of target: Int = 0) -> Int {
        lanes.redis.count(of: target, where: \.isUserUnknown)
    }

    /// Tells the users of a target's connections by the client's end, as CLIENT LIST shows both.
    ///
    /// Only connections whose user is unknown are changed. Costs a pass over all connections.
    public mutating func learnUsers(_ users: [Endpoint: String], of target: Int = 0) {
        lanes.redis.forEach(of: target) { key, connection, books in
            guard connection.isUserUnknown, let name = users[key.client] else { return }
            connection.learn(user: books.counts.users.find(Array(name.utf8)))
        }
    }
}
