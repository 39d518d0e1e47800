// The server's settings as numbers in base units, each a family of its own, as postgres_exporter has them.
import Metrics

/// Every boolean and numeric setting: `pg_settings_NAME`, with `_seconds` or `_bytes` where it has a unit.
///
/// Reads `pg_settings`, which is computed from the server's memory, some 350 rows. What our transaction has set for
/// itself is shown as it was before; what our session has asked for at its start is not the server's, and is left out.
/// `transaction_read_only` is shown as another session's transactions begin: on for a standby, and else as the default
/// has it.
struct PostgresSettings: PostgresPart {
    let name = "postgres_settings"
    let pace = PostgresPace.slow

    /// The families come from the server's own list, so none is known in advance.
    let descriptors: [Descriptor] = []
    let familyNames = ["pg_settings_"]

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask(
            """
            SELECT name, CASE WHEN name = 'transaction_read_only' THEN CASE WHEN pg_is_in_recovery() THEN 'on'
                    ELSE current_setting('default_transaction_read_only') END
                WHEN source = 'session' AND name <> 'transaction_deferrable' THEN reset_val ELSE setting END AS setting,
                unit, short_desc, vartype
            FROM pg_settings
            WHERE vartype IN ('bool', 'integer', 'real')
                AND (source <> 'client' OR name IN ('transaction_deferrable', 'transaction_read_only'))
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            guard let name = row["name"], let value = Self.value(of: row) else { continue }
            let unit = row["unit"].flatMap { $0.isEmpty ? nil : SettingUnit($0) }
            let suffix = unit.map { "_\($0.base.rawValue)" } ?? ""
            let converted = unit.map { " In \($0.base.rawValue)." } ?? ""
            let descriptor = Descriptor(
                .gauge, "pg_settings_\(name)\(suffix)", help: "\(row.label("short_desc"))\(converted)")
            // Negative values mean "off" or "automatic", in no unit at all.
            samples.add(descriptor, value < 0 ? value : value * (unit?.factor ?? 1))
        }
        return samples
    }

    private static func value(of row: Rows.Row) -> Double? {
        switch row["vartype"] {
        case "bool": row["setting"].map { $0 == "on" ? 1 : 0 }
        default: row.number("setting")
        }
    }
}

/// A unit of `pg_settings`, such as `ms`, `8kB` or `16MB`.
struct SettingUnit: Equatable {
    enum Base: String {
        case seconds
        case bytes
    }

    let base: Base
    /// What one unit is worth in base units.
    let factor: Double

    /// Nil for a unit that is neither of time nor of memory.
    init?(_ text: String) {
        let digits = text.prefix { $0.isNumber }
        let multiple = digits.isEmpty ? 1 : Double(digits)
        guard let multiple, let unit = Self.units[String(text.dropFirst(digits.count))] else { return nil }
        base = unit.base
        factor = multiple * unit.factor
    }

    private static let units: [String: (base: Base, factor: Double)] = [
        "us": (.seconds, 0.000001), "ms": (.seconds, 0.001), "s": (.seconds, 1), "min": (.seconds, 60),
        "h": (.seconds, 3600), "d": (.seconds, 86400), "B": (.bytes, 1), "kB": (.bytes, 1024),
        "MB": (.bytes, 1_048_576), "GB": (.bytes, 1_073_741_824), "TB": (.bytes, 1_099_511_627_776),
    ]
}
