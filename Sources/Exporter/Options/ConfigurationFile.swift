// The configuration file: YAML with a section per word before the dot of a flag, and a key per word after it.

/// The texts that a configuration file gives to options.
struct ConfigurationFile: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let texts: [String]
        /// File and line, for errors.
        let origin: String
    }

    /// By option name.
    let entries: [String: Entry]

    /// - Parameters:
    ///   - text: the content of the file.
    ///   - path: its path, for errors.
    /// - Throws: for a key that no option has, a secret, or a value of the wrong shape, with path and line.
    init(_ text: String, path: String) throws(ConfigurationError) {
        let root: YAMLNode
        do {
            root = try YAMLNode.parse(text)
        } catch {
            throw ConfigurationError("\(path): \(error)")
        }
        var entries: [String: Entry] = [:]
        for section in try Self.entries(of: root, path) {
            if let hint = Self.hint(for: section) {
                throw ConfigurationError("\(path) line \(section.line): \(Shown.name(section.key)): \(hint)")
            }
            for item in try Self.entries(of: section.value, path) {
                let origin = "\(path) line \(item.value.line)"
                let name = "\(section.key).\(item.key)"
                guard let option = Options.all.first(where: { $0.name == name && !$0.isSecret }) else {
                    let shown = "\(Shown.name(section.key)).\(Shown.name(item.key))"
                    throw ConfigurationError("\(origin): \(shown): \(Self.hint(forKey: name))")
                }
                entries[name] = Entry(texts: try Self.texts(of: item.value, for: option, origin), origin: origin)
            }
        }
        self.entries = entries
    }

    /// What is wrong with a key, and what there is instead.
    private static func hint(forKey name: String) -> String {
        if let secret = Options.all.first(where: { $0.name == name && $0.isSecret }) {
            return "not a key, because files get copied; \(secret.wayOfASecret)"
        }
        if let peer = PeerFlag.all.first(where: { $0.name == name }) { return peer.hint }
        if name == Arguments.configurationFlag { return "a file cannot name another" }
        return "unknown key; docs/configuration.md has the list"
    }

    /// What is wrong with a word that stands where a section should; nil where it may be one.
    private static func hint(for section: YAMLNode.Entry) -> String? {
        if let option = Options.all.first(where: { $0.name == section.key }) {
            let words = option.name.split(separator: ".", maxSplits: 1)
            return option.isSecret
                ? hint(forKey: option.name)
                : "not a key; write \"\(words[1]):\" in a section \"\(words[0]):\""
        }
        let isSection = Options.all.contains { $0.name.hasPrefix(section.key + ".") }
        guard !isSection, let peer = PeerFlag.all.first(where: { $0.name == section.key }) else { return nil }
        return peer.hint
    }

    private static func entries(of node: YAMLNode, _ path: String) throws(ConfigurationError) -> [YAMLNode.Entry] {
        switch node {
        case .map(let entries, _): return entries
        case .scalar("", _): return []
        case .scalar(_, let line), .list(_, let line):
            throw ConfigurationError("\(path) line \(line): a section with keys is needed here, such as \"redis:\"")
        }
    }

    private static func texts(
        of node: YAMLNode, for option: any AnyOption, _ origin: String
    ) throws(ConfigurationError) -> [String] {
        switch node {
        case .scalar(let text, _): return [text]
        case .list(let items, _) where option.isRepeatable:
            var texts: [String] = []
            for item in items {
                guard case .scalar(let text, _) = item else {
                    throw ConfigurationError("\(origin): \(option.name): its list may hold plain values only")
                }
                texts.append(text)
            }
            return texts
        case .list, .map:
            throw ConfigurationError("\(origin): \(option.name): needs one value; allowed: \(option.allowed)")
        }
    }
}
