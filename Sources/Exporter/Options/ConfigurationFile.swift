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
            for item in try Self.entries(of: section.value, path) {
                let origin = "\(path) line \(item.value.line)"
                let name = "\(section.key).\(item.key)"
                guard let option = Options.all.first(where: { $0.name == name && !$0.isSecret }) else {
                    let shown = "\(Shown.name(section.key)).\(Shown.name(item.key))"
                    throw ConfigurationError("\(origin): \(shown): unknown key; docs/configuration.md has the list")
                }
                entries[name] = Entry(texts: try Self.texts(of: item.value, for: option, origin), origin: origin)
            }
        }
        self.entries = entries
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
