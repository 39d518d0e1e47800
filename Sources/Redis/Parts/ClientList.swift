// CLIENT LIST: who is connected. A capture that begins after a client has logged in cannot know the client's user; the
// server can tell.

import Metrics

/// One client of the server (CLIENT LIST).
public struct RedisClient: Sendable, Equatable {
    /// The client's end, as `127.0.0.1:50412` or `[::1]:50412`.
    public let address: String
    /// Its ACL user.
    public let user: String
}

/// The part of a poll that asks for the clients.
enum ClientList {
    static let part = "redis_clients"
    static let command = ["CLIENT", "LIST"]

    /// Decodes a reply to CLIENT LIST: one line per client, `name=value` separated by blanks. Servers before 6.0 know
    /// no users, and their clients are left out.
    static func decode(_ reply: Reply) throws(CollectorFailure) -> [RedisClient] {
        guard let text = reply.text else {
            throw CollectorFailure(.malformed, "CLIENT LIST answered with something else than a text")
        }
        return text.split(separator: "\n").compactMap { line in
            var fields: [Substring: Substring] = [:]
            for field in line.split(whereSeparator: { $0 == " " || $0 == "\r" }) {
                guard let equals = field.firstIndex(of: "=") else { continue }
                fields[field[..<equals]] = field[field.index(after: equals)...]
            }
            guard let address = fields["addr"], let user = fields["user"] else { return nil }
            return RedisClient(address: String(address), user: String(user))
        }
    }
}
