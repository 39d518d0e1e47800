// The role that Sidelong logs in to Postgres as, and what it has to be granted: once for all, or what turned out to be
// missing.
import Metrics

/// Statements that an operator pastes.
public enum MonitoringRole {
    /// What makes a role that may look and nothing else, one statement in each line.
    ///
    /// - Parameter name: what the role is called; nil for `sidelong`.
    public static func block(for name: String?) -> String {
        let role = name.map(quoted) ?? "sidelong"
        return """
            CREATE ROLE \(role) LOGIN PASSWORD 'PASSWORD' NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 3;
            GRANT pg_monitor TO \(role);
            CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
            """
    }

    /// A name as SQL needs it.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// What our role may not do, in one poll.
struct MissingGrants {
    /// The role is no member of pg_monitor.
    var isMonitorMissing = false
    /// The texts of the user's own statements that were denied, and what the server said.
    private var denied: [(text: String, message: String)] = []

    mutating func deny(_ text: String, _ message: String) {
        denied.append((text, message))
    }

    /// Which tables of the denied statements our role may not read: the server names the first one only. Nil when none
    /// was denied.
    ///
    /// Tables are found by their names: those that stand as words in a statement, in a schema that stands there too or
    /// in `public`.
    var statement: Statement? {
        let words = Set(denied.flatMap { Self.words(in: $0.text) }).sorted().prefix(Self.mostWords)
        guard !words.isEmpty else { return nil }
        let list = words.map { "'\($0)'" }.joined(separator: ", ")
        return Statement(
            """
            SELECT c.oid::pg_catalog.regclass::pg_catalog.text AS relation, pg_catalog.quote_ident(n.nspname) AS schema,
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname IN (\(list))
                AND (n.nspname = 'public' OR n.nspname IN (\(list)))
                AND NOT (pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
                         AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
            ORDER BY 1
            """, rowLimit: 50, opening: .own)
    }

    /// The statements that mend all of it, in one line; nil where nothing is missing.
    ///
    /// - Parameter tables: the answer to ``statement``; nil where it was not asked or not answered.
    func line(for role: String, _ tables: Rows?) -> String? {
        let role = MonitoringRole.quoted(role)
        var grants = isMonitorMissing ? ["GRANT pg_monitor TO \(role);"] : []
        var objects: [String] = []
        for row in tables.map(Array.init) ?? [] {
            if row["usable"] == "f", let schema = row["schema"] { objects.append("USAGE ON SCHEMA \(schema)") }
            if let relation = row["relation"] { objects.append("SELECT ON \(relation)") }
        }
        // Of a table of which some columns may be read the server alone knows what is missing.
        if objects.isEmpty { objects = denied.compactMap { Self.object(in: $0.message) } }
        for object in objects where !grants.contains(where: { $0.hasPrefix("GRANT \(object) ") }) {
            grants.append("GRANT \(object) TO \(role);")
        }
        return grants.isEmpty ? nil : grants.joined(separator: " ")
    }

    private static let mostWords = 500

    /// Words that may be names, as SQL writes them without quotes.
    private static func words(in text: String) -> [String] {
        text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }.map(String.init)
            .filter { $0.utf8.count < 64 && $0.first?.isNumber == false }
    }

    /// What `permission denied for table users` is about.
    private static func object(in message: String) -> String? {
        let words = message.split(separator: " ")
        guard words.count >= 5, words.prefix(3) == ["permission", "denied", "for"] else { return nil }
        let name = words.dropFirst(4).joined(separator: " ")
        switch words[3] {
        case "table", "view", "relation", "sequence": return "SELECT ON \(name)"
        case "materialized" where words[4] == "view": return "SELECT ON \(words.dropFirst(5).joined(separator: " "))"
        case "foreign" where words[4] == "table": return "SELECT ON \(words.dropFirst(5).joined(separator: " "))"
        case "schema": return "USAGE ON SCHEMA \(name)"
        case "function": return "EXECUTE ON FUNCTION \(name)"
        default: return nil
        }
    }
}
