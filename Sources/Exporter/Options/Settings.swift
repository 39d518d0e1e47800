// Where values come from, and which of them wins: flag, then environment, then the environment of a
// redis_exporter, then configuration file, then default.

import Postgres

/// The values of all options, each of them checked.
struct Settings: Sendable {
    private var values: [String: any Sendable] = [:]
    /// What the values were read from.
    private var texts: [String: [String]] = [:]
    /// What was given and is not used, one line for people each.
    private(set) var remarks: [String] = []

    /// Reads every option from the first place that sets it.
    ///
    /// - Parameters:
    ///   - flags: the texts of each flag that was given, by option name.
    ///   - environment: all environment variables.
    ///   - file: the texts of each key of the configuration file, by option name.
    init(
        flags: [String: [String]] = [:], environment: [String: String] = [:], file: ConfigurationFile? = nil
    ) throws(ConfigurationError) {
        let peers = PeerVariables(environment)
        let isAddressGiven = flags[Options.postgresAddresses.name] != nil
        let dataSource = isAddressGiven ? nil : try DataSource(environment)
        for option in Options.all {
            let source = Self.texts(of: option, flags, dataSource?.environment ?? environment, peers, file)
            values[option.name] = try option.read(source.texts, from: source.origin, isVariable: source.isVariable)
            texts[option.name] = source.texts
        }
        if let passwordFile = dataSource?.passwordFile {
            values[Options.postgresAddresses.name] = self[Options.postgresAddresses].map { address in
                var address = address
                address.passwordFile = passwordFile
                return address
            }
        }
        let strays = StrayVariables.remarks(on: environment, isRead: Self.reads)
        remarks = peers.remarks + strays + (dataSource?.remarks ?? []) + ignoredParameters
    }

    /// What addresses have that libpq does not know.
    private var ignoredParameters: [String] {
        let addresses = [
            ("Postgres", self[Options.postgresAddresses]), ("PgBouncer", self[Options.pgBouncerAddresses]),
        ]
        return addresses.flatMap { server, addresses in
            addresses.flatMap(\.ignoredParameters).map {
                "the address of \(server) has \($0), which is no parameter of libpq's and is ignored"
            }
        }
    }

    /// Whether a variable is read here; any that is may hold a secret.
    static func reads(_ variable: String) -> Bool {
        variables.contains(variable) || PeerVariables.isOne(variable)
    }

    /// Without those of a redis_exporter.
    private static let variables = Set(Options.all.flatMap(\.environment).map(\.name) + DataSource.variables)

    /// The value of one option.
    subscript<Value>(_ option: Option<Value>) -> Value {
        guard let value = values[option.name] as? Value else {
            preconditionFailure("\(option.name) is not in Options.all")
        }
        return value
    }

    /// The options that had another value in an earlier reading.
    func changes(since earlier: Settings) -> [any AnyOption] {
        Options.all.filter { texts[$0.name] != earlier.texts[$0.name] }
    }

    /// Whether another reading has the same values for all options whose names begin with one of these.
    func agrees(with other: Settings, onOptionsOf sections: [String]) -> Bool {
        !changes(since: other).contains { option in sections.contains { option.name.hasPrefix($0 + ".") } }
    }

    private static func texts(
        of option: any AnyOption, _ flags: [String: [String]], _ environment: [String: String],
        _ peers: PeerVariables, _ file: ConfigurationFile?
    ) -> (texts: [String], origin: String, isVariable: Bool) {
        if let texts = flags[option.name] { return (texts, "--\(option.name)", false) }
        for variable in option.environment {
            if let text = environment[variable.name], !text.isEmpty {
                // A list has one value in each line; commas are for the option to read.
                let lines = option.isRepeatable ? text.split(separator: "\n").map(String.init) : [text]
                return (lines.map(variable.text), variable.name, true)
            }
        }
        if let texts = peers.texts[option.name], let first = texts.first {
            return (texts.map(\.text), first.variable, true)
        }
        if let entry = file?.entries[option.name] { return (entry.texts, "\(entry.origin): \(option.name)", false) }
        return (option.fallback.map { [$0] } ?? [], "default of --\(option.name)", false)
    }
}
