// The web configuration: which clients may ask, how often, and how it is encrypted. The file has Prometheus' own format
// and two sections more, `api_keys` and `allow`; without a file only the limit of `--web.rate-limit` applies.

import HTTP

/// The rules for the server, read and checked.
enum WebConfiguration {
    private static let keys = [
        "tls_server_config", "http_server_config", "basic_auth_users", "rate_limit", "api_keys", "allow",
    ]

    /// The keys that let in fewer than all.
    private static let restrictions = ["tls_server_config", "basic_auth_users", "api_keys", "allow"]

    /// Reads what the options say, and the file, if one was named.
    ///
    /// A file that says nothing is refused, since it would open everything to everybody: it is being written, its disk
    /// is full, or what should have filled it has failed. Only `{}` at the start is taken for a wish.
    ///
    /// - Parameters:
    ///   - files: every file that was read is added, also where an error is thrown.
    ///   - isRunning: whether other rules are in force.
    /// - Throws: the first thing that is wrong, in one line.
    static func rules(
        for settings: Settings, _ files: inout WebFiles, isRunning: Bool = false
    ) throws(ConfigurationError) -> AccessRules {
        var rules = AccessRules()
        rules.openPaths = WebPage.probes
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
        if root.entries.isEmpty {
            guard !isRunning else {
                throw ConfigurationError("\(path): sets nothing any more; restart to run without rules")
            }
            guard text.split(separator: "\n").contains(where: { $0.first == "{" }) else {
                throw ConfigurationError(
                    "\(path) line \(node.line): sets nothing; write {} into it to let everybody in")
            }
        }
        for key in restrictions { try root.refuseEmpty(key) }
        rules.tls = try WebTLS.settings(in: root, besides: path, &files)
        rules.fields = try WebAccess.fields(in: root)
        rules.users = try WebAccess.users(in: root)
        rules.keys = try WebAccess.keys(in: root)
        rules.allowed = try WebAccess.allowed(in: root)
        rules.everyone = try WebAccess.rate(in: root)
    }
}
