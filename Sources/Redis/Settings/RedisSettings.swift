// How one Redis is spoken to: credentials, TLS and patience. Files are named here and read on every connect, so that a
// rotated password or certificate is used without a restart.

import Metrics
public import System

/// What a connection needs besides the address.
public struct RedisSettings: Sendable {
    /// The ACL user; nil for the default user. A user in the address goes before it.
    public var user: String?
    /// The password as text. A password in the address and `passwordFile` go before it.
    public var password: String?
    /// A file that holds the password, without its line end, or passwords by address; read on every connect. A
    /// password in the address goes before it.
    public var passwordFile: String?
    /// The same three for Sentinels, which are never shown those of the servers.
    public var sentinelUser: String?
    public var sentinelPassword: String?
    public var sentinelPasswordFile: String?
    public var tls: RedisTLSSettings
    /// For name look-up, connect, TLS handshake and authentication together.
    public var connectTimeout: Duration
    /// For the commands and replies of one poll together.
    public var timeout: Duration
    /// How long an answer to CONFIG GET is used before it is asked again, by a server that does not tell of changes.
    public var configInterval: Duration
    /// The same for LATENCY HISTOGRAM, which costs the server about half as much as the rest of a poll.
    public var histogramInterval: Duration
    /// The same for the histograms of commands that only this program has called.
    public var ownHistogramInterval: Duration
    /// The same for INFO latencystats, which costs as much as LATENCY HISTOGRAM, and moves slowly.
    public var percentilesInterval: Duration
    /// The same for COMMAND, whose answer is some hundred kilobytes and changes with a loaded module only.
    public var commandsInterval: Duration
    /// The same for CLIENT LIST, which costs the server a line per client.
    public var clientsInterval: Duration
    /// How long one list of clients stands for those on the page, with up to 1,000 of them.
    public var clientCountsInterval: Duration
    /// How long an answer to CONFIG GET or CLIENT LIST stands while INFO says that nothing has changed it.
    public var unchangedInterval: Duration
    /// The same for CLUSTER SLOT-STATS, for which the server sorts its slots.
    public var slotsInterval: Duration
    /// How long a command that was refused is left alone.
    public var refusalInterval: Duration
    /// What is looked at in the data.
    public var keys = KeySettings()
    /// What replies may take, of all targets together.
    public var memory = MemoryBudget()
    /// Is told of the connections that are opened.
    public var watch: ConnectionWatch?
    /// How often the name of a connected server is looked up again, and how long a changed role is tolerated.
    public var nameInterval = Duration.seconds(30)
    /// How addresses of a name are found.
    var lookUp: NameWatch.LookUp = { host, port throws(CollectorFailure) in
        try ResolvedAddress.all(host: host, port: port)
    }

    public init(
        user: String? = nil, password: String? = nil, passwordFile: String? = nil,
        tls: RedisTLSSettings = RedisTLSSettings(), connectTimeout: Duration = .seconds(2),
        timeout: Duration = .seconds(2), configInterval: Duration = .seconds(30),
        histogramInterval: Duration = .seconds(15), ownHistogramInterval: Duration = .seconds(60),
        percentilesInterval: Duration = .seconds(300), commandsInterval: Duration = .seconds(86400),
        clientsInterval: Duration = .seconds(30), clientCountsInterval: Duration = .seconds(60),
        unchangedInterval: Duration = .seconds(300), slotsInterval: Duration = .seconds(60),
        refusalInterval: Duration = .seconds(300)
    ) {
        self.user = user
        self.password = password
        self.passwordFile = passwordFile
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.configInterval = configInterval
        self.histogramInterval = histogramInterval
        self.ownHistogramInterval = ownHistogramInterval
        self.percentilesInterval = percentilesInterval
        self.commandsInterval = commandsInterval
        self.clientsInterval = clientsInterval
        self.clientCountsInterval = clientCountsInterval
        self.unchangedInterval = unchangedInterval
        self.slotsInterval = slotsInterval
        self.refusalInterval = refusalInterval
    }

    /// What Sentinels are asked with.
    var forSentinels: RedisSettings {
        var settings = self
        settings.user = sentinelUser
        settings.password = sentinelPassword
        settings.passwordFile = sentinelPasswordFile
        return settings
    }

    /// The name that CLIENT LIST shows for the connection.
    static let clientName = "sidelong"
}

extension RedisSettings: CustomStringConvertible {
    /// The settings without the password, fit for logs.
    public var description: String {
        "user \(user ?? "default"), \(passwordFile.map { "password file \($0)" } ?? (password == nil ? "no password" : "a password"))"
    }
}

/// What a connection to `rediss://` needs: PEM files, and how the server is checked.
public struct RedisTLSSettings: Sendable, Equatable {
    /// Certificates that are trusted instead of the system's.
    public var caFile: String?
    /// The client's own certificate, its chain included, and its key: both or none.
    public var certificateFile: String?
    public var keyFile: String?
    /// The name that the server's certificate must carry, and that is sent as SNI, instead of the address' host.
    public var serverName: String?
    /// Accepts any certificate. The connection is then open to anyone in between.
    public var skipsVerification: Bool

    public init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil,
        skipsVerification: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.skipsVerification = skipsVerification
    }
}
