// The web configuration: who may ask, how often, and how it is encrypted. The file has Prometheus' own format and two
// sections more, `api_keys` and `allow`; without a file only the limit of `--web.rate-limit` applies.

import HTTP

/// The rules for the server, read and checked.
enum WebConfiguration {
    private static let keys = [
        "tls_server_config", "http_server_config", "basic_auth_users", "rate_limit", "api_keys", "allow",
    ]

    /// Reads what the options say, and the file, if one was named.
    ///
    /// - Parameters:
    ///   - files: every file that was read is added, also where an error is thrown.
    ///   - isRunning: whether other rules are in force. A file with nothing in it is being written then, or its disk is
    ///     full, and is refused: it would open everything to everybody.
    /// - Throws: the first thing that is wrong, in one line.
    static func rules(
        for settings: Settings, _ files: inout WebFiles, isRunning: Bool = false
    ) throws(ConfigurationError) -> AccessRules {
        var rules = AccessRules()
        rules.openPaths = Routes.probes
        let rate = settings[Options.webRateLimit]
        rules.client = rate > 0 ? RateLimit(perSecond: rate) : nil
        guard let path = settings[Options.webConfigurationFile] else { return rules }
        do {
            try read(path, into: &rules, &files, isRunning)
        } catch {
            throw ConfigurationError("--\(Options.webConfigurationFile.name): \(error)")
        }
        return rules
    }

    private static func read(
        _ path: String, into rules: inout AccessRules, _ files: inout WebFiles, _ isRunning: Bool
    ) throws(ConfigurationError) {
        let text = try files.read(path)
        let node: YAMLNode
        do {
            node = try YAMLNode.parse(text)
        } catch {
            throw ConfigurationError("\(path) \(error)")
        }
        let root = try WebSection(node, named: "", in: path, allowed: keys)
        guard !isRunning || !root.entries.isEmpty else {
            throw ConfigurationError("\(path): sets nothing any more; restart to run without rules")
        }
        rules.tls = try WebTLS.settings(in: root, besides: path, &files)
        rules.fields = try WebAccess.fields(in: root)
        rules.users = try WebAccess.users(in: root)
        rules.keys = try WebAccess.keys(in: root)
        rules.allowed = try WebAccess.allowed(in: root)
        rules.everyone = try WebAccess.rate(in: root)
    }
}
