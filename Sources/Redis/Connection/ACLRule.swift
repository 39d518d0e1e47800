// The rule that lets a user run what a poll could not, as the line that an operator pastes into redis-cli.

/// Rules of access control lists, as Redis 6 and later understand them.
enum ACLRule {
    /// The rule for a command as it stands in messages, such as `+config|get` for `CONFIG GET`. A word in lower case is
    /// an argument, and not part of the command.
    static func grant(for title: String) -> String {
        let words = title.split(separator: " ").prefix(2).filter { $0 == $0.uppercased()[...] }
        return "+" + words.joined(separator: "|").lowercased()
    }

    /// `ACL SETUSER watcher +config|get +slowlog|len`; nil where nothing is to be granted.
    static func line(granting titles: [String], to user: String) -> String? {
        var grants: [String] = []
        for grant in titles.map(grant) where !grants.contains(grant) { grants.append(grant) }
        return grants.isEmpty ? nil : "ACL SETUSER \(user) \(grants.joined(separator: " "))"
    }
}
