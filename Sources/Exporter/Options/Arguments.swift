// The command line: a word that says what to do, then flags as `--name=value` or `--name value`, then operands.

/// What the user asked for on the command line.
struct Arguments: Sendable, Equatable {
    /// The words that the program knows.
    enum Word: String, Sendable, CaseIterable {
        case serve, check, health, replay
    }

    /// What is to be done; `serve` when no word was given.
    var word = Word.serve
    /// The texts of each flag, by option name.
    var flags: [String: [String]] = [:]
    /// `--config.file`, which is not an option because it says where options are.
    var configurationFile: String?
    /// `--format` of `replay`.
    var format = Replay.Format.prometheus
    /// What is left after the flags: the URL of `health`, the file of `replay`.
    var operands: [String] = []
    /// `--help` and `--version` win over everything else.
    var isHelp = false
    var isVersion = false

    static let configurationFlag = "config.file"
    private static let formatFlag = "format"

    /// Reads the arguments after the program's name.
    init(_ arguments: [String]) throws(ConfigurationError) {
        isHelp = arguments.contains { $0 == "--help" || $0 == "-h" }
        isVersion = arguments.contains("--version")
        if isHelp || isVersion { return }
        var rest = arguments[...]
        if let first = rest.first, !first.hasPrefix("-") {
            guard let word = Word(rawValue: first) else {
                let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError("\"\(first)\" is not a command; allowed: \(known), --help, --version")
            }
            self.word = word
            rest.removeFirst()
        }
        while let argument = rest.popFirst() {
            switch argument {
            case _ where argument.hasPrefix("--"): try read(flag: argument, &rest)
            case _ where argument.hasPrefix("-") && argument.count > 1:
                throw ConfigurationError("\(argument): unknown flag; flags begin with two dashes, see --help")
            default: operands.append(argument)
            }
        }
        try checkOperands()
    }

    private mutating func read(flag: String, _ rest: inout ArraySlice<String>) throws(ConfigurationError) {
        let body = flag.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = String(body[..<(equals ?? body.endIndex)])
        let option = Options.all.first { $0.name == name && !$0.isSecret }
        let isFormat = name == Self.formatFlag && word == .replay
        guard option != nil || isFormat || name == Self.configurationFlag else {
            throw ConfigurationError(Self.unknown(flag: name))
        }
        guard let value = equals.map({ String(body[body.index(after: $0)...]) }) ?? rest.popFirst() else {
            throw ConfigurationError("--\(name): needs a value; allowed: \(option?.allowed ?? "a file's path")")
        }
        if isFormat {
            format = try Self.format(value)
        } else if name == Self.configurationFlag {
            configurationFile = value
        } else {
            flags[name, default: []].append(value)
            if let option, !option.isRepeatable, flags[name, default: []].count > 1 {
                throw ConfigurationError("--\(name): given twice, the second time as \"\(value)\"; allowed: once")
            }
        }
    }

    private static func format(_ text: String) throws(ConfigurationError) -> Replay.Format {
        if let format = Replay.Format(rawValue: text) { return format }
        let known = Replay.Format.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConfigurationError("--\(formatFlag): \"\(text)\" is not allowed; allowed: \(known)")
    }

    private func checkOperands() throws(ConfigurationError) {
        if word == .replay && operands.isEmpty {
            throw ConfigurationError("replay needs the path of a capture file (pcap or pcapng); see --help")
        }
        let most = word == .health || word == .replay ? 1 : 0
        guard operands.count > most else { return }
        throw ConfigurationError("\"\(operands[most])\": \(word.rawValue) takes no such argument; see --help")
    }

    private static func unknown(flag name: String) -> String {
        if let secret = Options.all.first(where: { $0.name == name && $0.isSecret }) {
            let variables = secret.environment.map(\.name).joined(separator: " or ")
            return "--\(name): not a flag, because arguments can be read by everyone; set \(variables) or use a file"
        }
        return "--\(name): unknown flag; see --help for the list"
    }
}
