// What to do about something that does not work: the line to paste where there is one, and else what to look at.

import Metrics
import Postgres
import Redis

/// One remedy, for one subject of the table.
struct Remedy: Sendable, Equatable {
    let subject: String
    let text: String
    /// Whether it is to be pasted into the server's own client.
    var isLine = false

    /// As it stands below the table.
    var line: String { "To mend \(subject)\(isLine ? ", run there" : ""): \(text)\n" }
}

extension Remedy {
    /// What a target as a whole needs; nil where the finding itself says it.
    ///
    /// - Parameter user: whom it logs in as, where that is known.
    static func text(for failure: CollectorFailure, of collector: String, user: String?) -> String? {
        switch collector {
        case "redis": redis(failure, user)
        case "postgres": postgres(failure, user)
        case "pgbouncer": pgBouncer(failure)
        default: failure.reason == .unreadable ? unreadable : nil
        }
    }

    /// What a part needs and no grant gives.
    static func text(forPart part: String, _ failure: CollectorFailure) -> String? {
        guard part.hasPrefix("postgres_query_"), failure.reason == .unsupported else { return nil }
        return "this database does not have what \(part.dropFirst("postgres_query_".count)) in "
            + "--postgres.queries-file asks for; is it the right database?"
    }

    private static let unreadable = "let the user that runs Sidelong read the file"

    private static func redis(_ failure: CollectorFailure, _ user: String?) -> String? {
        switch failure.reason {
        case .resolve: unknownHost("--redis.addr")
        case .connect: notListening("Redis", "--redis.addr", "bind in redis.conf")
        case .timeout where failure.message.mentions("TLS handshake"): redisTLS
        case .timeout: silent("--redis.addr")
        case .auth:
            "give its password in REDIS_PASSWORD or --redis.password-file, and its user in --redis.user; where there is no "
                + "such user, run there: \(MonitoringUser.line(for: user))"
        case .tls: redisTLS
        case .closed, .malformed:
            "something else than Redis answers there, or Redis over TLS (rediss://); see the port in --redis.addr"
        case .denied where !failure.message.mentions("ACL SETUSER"):
            "give it a password (requirepass, or an ACL user), or let it listen where Sidelong is"
        case .denied: nil
        case .unreadable: unreadable
        case .loading: "wait until it has loaded its data"
        case .unsupported, .refused, .overflow: nil
        }
    }

    private static let redisTLS =
        "rediss:// where the port speaks TLS, and redis:// where it does not; --redis.tls-ca-file for an authority of your "
        + "own, --redis.tls-server-name for another name, --redis.tls-cert-file where it wants a certificate"

    private static func postgres(_ failure: CollectorFailure, _ user: String?) -> String? {
        switch failure.reason {
        case .resolve: unknownHost("--postgres.dsn")
        case .connect where failure.message.mentions("invalid response"): wrongPort("Postgres", "--postgres.dsn")
        case .connect: notListening("Postgres", "--postgres.dsn", "listen_addresses in postgresql.conf")
        case .timeout: silent("--postgres.dsn")
        case .auth:
            "give the password in the address or in --postgres.password-file, and see pg_hba.conf; where there is no such "
                + "role, run there: " + MonitoringRole.block(for: user).split(separator: "\n").joined(separator: " ")
        case .tls: "see sslmode, sslrootcert, sslcert and sslkey in the address"
        case .closed, .malformed: wrongPort("Postgres", "--postgres.dsn")
        case .unreadable: unreadable
        case .loading: "wait until it has started"
        case .refused where failure.message.mentions("3D000"): "name a database that there is in the address (dbname)"
        case .refused where failure.message.mentions("53300"):
            "free a connection, or keep some for roles such as ours (reserved_connections, from Postgres 16)"
        case .denied, .unsupported, .refused, .overflow: nil
        }
    }

    private static func pgBouncer(_ failure: CollectorFailure) -> String? {
        switch failure.reason {
        case .resolve: unknownHost("--pgbouncer.dsn")
        case .connect where failure.message.mentions("invalid response"): wrongPort("PgBouncer", "--pgbouncer.dsn")
        case .connect: notListening("PgBouncer", "--pgbouncer.dsn", "listen_addr in pgbouncer.ini")
        case .timeout: silent("--pgbouncer.dsn")
        case .auth:
            "give the password in the address or in --postgres.password-file; the user has to stand in auth_file, and in "
                + "stats_users of pgbouncer.ini"
        case .tls: "see sslmode, sslrootcert, sslcert and sslkey in the address"
        case .denied: "stats_users in pgbouncer.ini has to name the user; RELOAD takes it over"
        case .closed, .malformed: wrongPort("PgBouncer", "--pgbouncer.dsn")
        case .unreadable: unreadable
        case .unsupported, .refused, .overflow, .loading: nil
        }
    }

    private static func unknownHost(_ flag: String) -> String {
        "no host has this name here; see its spelling in \(flag), and what this machine or pod resolves names with"
    }

    private static func notListening(_ server: String, _ flag: String, _ setting: String) -> String {
        "start \(server), or give \(flag) the host and the port on which it listens (\(setting))"
    }

    private static func silent(_ flag: String) -> String {
        "nothing answers in time: a firewall, a network policy, a wrong host in \(flag), or a server that hangs"
    }

    private static func wrongPort(_ server: String, _ flag: String) -> String {
        "something else than \(server) answers there; see the port in \(flag)"
    }
}
