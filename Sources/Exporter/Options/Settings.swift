// Where values come from, and which of them wins: flag, then environment, then the environment of a
// redis_exporter, then configuration file, then default.

/// The values of all options, each of them checked.
struct Settings: Sendable {
    private var values: [String: any Sendable] = [:]
    /// One line for each variable that has no effect.
    let notices: [String]

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
        notices = peers.notices
        for option in Options.all {
            values[option.name] = try Self.value(of: option, flags, environment, peers, file)
        }
    }

    /// The value of one option.
    subscript<Value>(_ option: Option<Value>) -> Value {
        guard let value = values[option.name] as? Value else {
            preconditionFailure("\(option.name) is not in Options.all")
        }
        return value
    }

    private static func value(
        of option: any AnyOption, _ flags: [String: [String]], _ environment: [String: String],
        _ peers: PeerVariables, _ file: ConfigurationFile?
    ) throws(ConfigurationError) -> any Sendable {
        if let texts = flags[option.name] {
            return try option.read(texts, from: "--\(option.name)")
        }
        for variable in option.environment {
            if let text = environment[variable.name], !text.isEmpty {
                return try option.read([variable.text(of: text)], from: variable.name)
            }
        }
        if let texts = peers.texts[option.name], let first = texts.first {
            return try option.read(texts.map(\.text), from: first.variable)
        }
        if let entry = file?.entries[option.name] {
            return try option.read(entry.texts, from: "\(entry.origin): \(option.name)")
        }
        return try option.read(option.fallback.map { [$0] } ?? [], from: "default of --\(option.name)")
    }
}
