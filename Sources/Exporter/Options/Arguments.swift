// The command line: a word that says what to do, then flags as `--name=value` or `--name value`, then operands.

/// How `replay` shows what it measured.
enum ReplayFormat: String, Sendable, CaseIterable {
    /// The wire families, as /metrics shows them.
    case prometheus
    /// For people.
    case table
}

/// What the user asked for on the command line.
struct Arguments: Sendable, Equatable {
    /// The words that the program knows.
    enum Word: String, Sendable, CaseIterable {
        case serve, check, top, advise, replay, health
        case hashKey = "hash-key"
        case version, help
    }

    /// What is to be done; `serve` when no word was given.
    var word = Word.serve
    /// The texts of each flag, by option name.
    var flags: [String: [String]] = [:]
    /// `--config.file`, which is not an option because it says where options are.
    var configurationFile: String?
    /// The flags of the word, each with its text.
    private var wordFlags: [WordFlag: String] = [:]
    /// What is left after the flags: the URL of `top`, `advise` and `health`, the file of `replay`, the name for
    /// `hash-key`.
    var operands: [String] = []
    static let configurationFlag = "config.file"
    /// The variable in its place.
    static let configurationVariable = Variable(ownVariableOf: configurationFlag).name

    /// The text of a flag of the word; nil when it was not given.
    func value(of flag: WordFlag) -> String? { wordFlags[flag] }

    /// Whether a flag of the word was given.
    func has(_ flag: WordFlag) -> Bool { wordFlags[flag] != nil }

    /// Reads the arguments after the program's name.
    init(_ arguments: [String]) throws(ConfigurationError) {
        // These win over everything else.
        if arguments.contains(where: ["--help", "-help", "-h"].contains) {
            word = .help
            return
        }
        if arguments.contains(where: ["--version", "-version", "-v"].contains) {
            word = .version
            return
        }
        var rest = arguments[...]
        if let first = rest.first, !first.hasPrefix("-") {
            guard let word = Word(rawValue: first) else {
                let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(
                    "\"\(Shown.value(first))\" is not a command; allowed: \(known)")
            }
            self.word = word
            rest.removeFirst()
        }
        while let argument = rest.popFirst() {
            switch argument {
            case _ where argument.hasPrefix("--"): try read(flag: argument.dropFirst(2), &rest)
            // Programs in Go, such as the exporters, take one dash for two.
            case _ where argument.hasPrefix("-") && Self.isKnown(argument.dropFirst()):
                try read(flag: argument.dropFirst(), &rest)
            case _ where argument.hasPrefix("-") && argument.count > 1:
                let shown = argument.count > 2 ? "\(argument.prefix(2))\(Shown.ellipsis)" : argument
                throw ConfigurationError("\(shown): unknown flag; flags begin with two dashes, see --help")
            default: operands.append(argument)
            }
        }
        try checkOperands()
    }

    private mutating func read(flag body: Substring, _ rest: inout ArraySlice<String>) throws(ConfigurationError) {
        let equals = body.firstIndex(of: "=")
        let name = String(body[..<(equals ?? body.endIndex)])
        let option = Options.all.first { $0.name == name && !$0.isSecret }
        let flag = WordFlag.allCases.first { $0.name == name && $0.word == word }
        if let flag {
            let value = equals.map { String(body[body.index(after: $0)...]) }
            return try read(flag, value ?? (flag.isSwitch ? "" : rest.popFirst()))
        }
        if option == nil, let peer = PeerFlag.all.first(where: { $0.name == name }) {
            let value = equals.map { String(body[body.index(after: $0)...]) }
            return try read(peer, value ?? (peer.isSwitch ? "true" : rest.popFirst()))
        }
        guard option != nil || name == Self.configurationFlag else {
            throw ConfigurationError(Self.unknown(flag: name))
        }
        guard let value = equals.map({ String(body[body.index(after: $0)...]) }) ?? rest.popFirst() else {
            throw ConfigurationError("--\(name): needs a value; allowed: \(option?.allowed ?? "a file's path")")
        }
        if name == Self.configurationFlag {
            configurationFile = value
        } else {
            try add(value, to: name)
        }
    }

    /// A flag of redis_exporter comes to flags of ours.
    private mutating func read(_ peer: PeerFlag, _ value: String?) throws(ConfigurationError) {
        guard let value else { throw ConfigurationError("--\(peer.name): needs a value") }
        switch peer.read(value) {
        case .set(let settings):
            for setting in settings { try add(setting.text, to: setting.option) }
        case .refused(let instead):
            throw ConfigurationError("--\(peer.name): a flag of redis_exporter; \(instead)")
        }
    }

    private mutating func add(_ value: String, to name: String) throws(ConfigurationError) {
        flags[name, default: []].append(value)
        let isRepeatable = Options.all.first { $0.name == name }?.isRepeatable ?? true
        if !isRepeatable, flags[name, default: []].count > 1 {
            throw ConfigurationError("--\(name): given twice; allowed: once")
        }
    }

    /// Whether a flag, with or without a value, is one of ours or of redis_exporter's.
    private static func isKnown(_ flag: Substring) -> Bool {
        let name = flag.prefix { $0 != "=" }
        return name == configurationFlag || Options.all.contains { $0.name == name }
            || PeerFlag.all.contains { $0.name == name }
    }

    private mutating func read(_ flag: WordFlag, _ value: String?) throws(ConfigurationError) {
        guard let value else { throw ConfigurationError("--\(flag.name): needs a value; allowed: \(flag.allowed)") }
        guard flag.allows(value) else {
            throw ConfigurationError(
                "--\(flag.name): \"\(Shown.value(value))\" is not allowed; allowed: \(flag.allowed)")
        }
        guard wordFlags.updateValue(value, forKey: flag) == nil else {
            throw ConfigurationError("--\(flag.name): given twice; allowed: once")
        }
    }

    private func checkOperands() throws(ConfigurationError) {
        if word == .replay && operands.isEmpty {
            throw ConfigurationError("replay needs the path of a capture file (pcap or pcapng); see --help")
        }
        let most = [.top, .advise, .health, .replay, .hashKey].contains(word) ? 1 : 0
        guard operands.count > most else { return }
        // Behind a flag it may be the end of an address that a shell has cut into pieces.
        let shown = flags.isEmpty ? Shown.value(operands[most]) : Shown.ellipsis
        throw ConfigurationError("\"\(shown)\": \(word.rawValue) takes no such argument; see --help")
    }

    private static func unknown(flag name: String) -> String {
        if let secret = Options.all.first(where: { $0.name == name && $0.isSecret }) {
            return "--\(name): not a flag, because arguments can be read by everyone; \(secret.wayOfASecret)"
        }
        if let flag = WordFlag.allCases.first(where: { $0.name == name }) {
            let words = WordFlag.allCases.filter { $0.name == name }.map(\.word.rawValue).joined(separator: ", ")
            return "--\(flag.name): a flag of \(words) only"
        }
        return "--\(Shown.name(name)): unknown flag; see --help for the list"
    }
}
