// Connections that are opened for a handful of commands: the opening costs more than what they are for.

extension AdviceRule {
    /// A connection costs Redis about as much as ten commands: accept, an event, a client's structure, and their end.
    static let connectionChurn = AdviceRule(
        name: "connection_churn",
        counters: ["redis_connections_received_total", "redis_commands_processed_total"]
    ) { evidence in
        let (least, enough) = (10.0, 1000.0)
        let commands = evidence.growth(of: "redis_commands_processed_total", by: ["target"])
        return evidence.growth(of: "redis_connections_received_total", by: ["target"]).compactMap { target, opened in
            guard let all = commands[target], opened >= enough, all / opened < least else { return nil }
            return Finding(
                gravity: .waste, share: 1 - all / opened / least, subject: "clients of Redis \(target[0])".trimmedEnd,
                figure:
                    "\(Cell.count(opened)) connections \(evidence.period), with \(Cell.count(all / opened)) commands each",
                meaning: "Redis spends about as much on connections as on commands, and clients wait for each.",
                remedy:
                    "Use a pool in the client (redis_clients shows which library it is), or a client that stays for the "
                    + "life of its process.")
        }
    }
}
