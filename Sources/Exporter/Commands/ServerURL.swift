// The address of a Sidelong or of a Prometheus, as a user writes it on the command line.

import HTTP

/// `http://HOST:PORT/PATH`, `https://…`, `http://unix:///SOCKET`, or `HOST:PORT`.
struct ServerURL: Sendable, Equatable {
    let address: ListenAddress
    /// What stands in the Host field, and what a certificate has to be made out to.
    let host: String
    let path: String
    let isSecure: Bool

    /// Splits a URL; one without a port means port 80 or 443. `HOST:PORT` alone is spoken to in the clear.
    ///
    /// - Parameter path: the path of a URL that has none.
    init(_ given: String, path: String) throws(ConfigurationError) {
        let url = Self.isBare(given) ? "http://\(given)" : given
        let schemes = [(text: "http://", port: 80), (text: "https://", port: 443)]
        guard let scheme = schemes.first(where: { url.hasPrefix($0.text) }) else {
            throw ConfigurationError(
                "\"\(Shown.value(given))\" is not allowed; allowed: HOST:PORT, http://HOST:PORT/PATH or "
                    + "https://HOST:PORT/PATH")
        }
        guard !url.utf8.contains(UInt8(ascii: "@")), !url.utf8.contains(where: { $0 <= 0x20 }) else {
            throw ConfigurationError(
                "\(Shown.ellipsis): an address with blanks or credentials; these go into --client.user and "
                    + "--client.password-file")
        }
        let rest = url.dropFirst(scheme.text.count)
        isSecure = scheme.port == 443
        do {
            if rest.hasPrefix("unix:///") {
                let socket = rest.hasSuffix(path) ? rest.dropLast(path.count) : rest
                (address, host, self.path) = (try ListenAddress(String(socket)), "localhost", path)
                return
            }
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            let authority = String(rest[..<slash])
            let hasPort = authority.last != "]" && authority.contains(":")
            address = try ListenAddress(hasPort ? authority : "\(authority):\(scheme.port)")
            host = authority.isEmpty || authority.hasPrefix(":") ? "localhost" + authority : authority
            self.path = rest[slash...].count <= 1 ? path : String(rest[slash...])
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    /// Whether it is `HOST:PORT` and nothing else.
    private static func isBare(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), !text.utf8.contains(UInt8(ascii: "/")) else { return false }
        let port = text[text.index(after: colon)...]
        return !port.isEmpty && port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The host without its port and brackets.
    var name: String {
        if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" })
    }

    /// The same server, another path.
    func with(path: String) -> ServerURL {
        ServerURL(address: address, host: host, path: path, isSecure: isSecure)
    }

    private init(address: ListenAddress, host: String, path: String, isSecure: Bool) {
        (self.address, self.host, self.path, self.isSecure) = (address, host, path, isSecure)
    }

    /// What an operand of the command line names, or where there is none the own server.
    static func all(_ operand: String?, _ settings: Settings, path: String) throws(ConfigurationError) -> [ServerURL] {
        guard let operand else { return try own(settings, path: path) }
        return [try ServerURL(operand, path: path)]
    }

    /// The own server of a configuration at a path, wherever it listens; one that answers is enough.
    ///
    /// A unix socket comes first, because it is never encrypted. The web configuration itself is not read: a file that
    /// is broken, and that the running exporter has refused, must not look like an exporter that is dead.
    private static func own(_ settings: Settings, path: String) throws(ConfigurationError) -> [ServerURL] {
        let addresses = settings[Options.listenAddresses]
        let local = addresses.first { $0.port == nil }
        let address = (local ?? addresses.first).map { "\($0)" } ?? ":9121"
        let mayEncrypt = local == nil && settings[Options.webConfigurationFile] != nil
        var urls: [ServerURL] = []
        for scheme in mayEncrypt ? ["https", "http"] : ["http"] {
            urls.append(try ServerURL("\(scheme)://\(address)", path: path))
        }
        return urls
    }
}
