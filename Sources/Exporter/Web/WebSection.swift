// The sections of a web configuration file. Every key that is not known is refused, and every error names the file, the
// line, the key and what is allowed there.

/// A section of the file: keys with values, each key known.
struct WebSection {
    /// Its name, as errors show it; empty for the whole file.
    private let name: String
    private let path: String
    private let line: Int
    let entries: [YAMLNode.Entry]

    /// - Parameters:
    ///   - path: of the file, for errors.
    ///   - allowed: the keys there are; nil where the operator chooses them.
    init(_ node: YAMLNode, named name: String, in path: String, allowed: [String]?) throws(ConfigurationError) {
        self.name = name
        self.path = path
        line = node.line
        switch node {
        case .map(let entries, _): self.entries = entries
        case .scalar("", _): entries = []
        case .scalar, .list:
            let example = allowed?.first.map { ", such as \"\($0):\"" } ?? ""
            throw ConfigurationError("\(path) line \(node.line): \(name): needs keys below it\(example)")
        }
        for entry in entries where allowed?.contains(entry.key) == false {
            throw ConfigurationError(
                "\(path) line \(entry.line): \(Self.joined(name, entry.key)): unknown key; allowed: "
                    + (allowed ?? []).joined(separator: ", "))
        }
    }

    /// A plain value of the section, or nil where the key is absent.
    func value(_ key: String) throws(ConfigurationError) -> WebValue? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return try value(entry.value, key)
    }

    /// The plain values of a list; empty where the key is absent.
    func values(_ key: String) throws(ConfigurationError) -> [WebValue] {
        var values: [WebValue] = []
        for node in try items(key) { values.append(try value(node, key)) }
        return values
    }

    /// The sections of a list; empty where the key is absent.
    func sections(_ key: String, allowed: [String]) throws(ConfigurationError) -> [WebSection] {
        var sections: [WebSection] = []
        for node in try items(key) {
            sections.append(try WebSection(node, named: Self.joined(name, key), in: path, allowed: allowed))
        }
        return sections
    }

    /// A section inside this one, or nil where the key is absent.
    func section(_ key: String, allowed: [String]?) throws(ConfigurationError) -> WebSection? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return try WebSection(entry.value, named: Self.joined(name, key), in: path, allowed: allowed)
    }

    /// Refuses a key that is there and has nothing below it. Where a key says who may ask, such as the list of users,
    /// that is a template that has failed, and would let everybody in.
    func refuseEmpty(_ key: String) throws(ConfigurationError) {
        guard let entry = entries.first(where: { $0.key == key }) else { return }
        switch entry.value {
        case .scalar("", let line), .list([], let line), .map([], let line):
            throw ConfigurationError(
                "\(path) line \(line): \(Self.joined(name, key)): names nobody and would let everybody in; leave it out "
                    + "if that is meant")
        case .scalar, .list, .map: return
        }
    }

    /// A value that has to be there.
    func needed(_ key: String, allowed: String) throws(ConfigurationError) -> WebValue {
        guard let value = try value(key) else { throw error("\(key) is missing; allowed: \(allowed)") }
        return value
    }

    /// An error about the section as a whole.
    func error(_ problem: String) -> ConfigurationError {
        ConfigurationError("\(path) line \(line): \(name): \(problem)")
    }

    /// Whether the key is there.
    func has(_ key: String) -> Bool {
        entries.contains { $0.key == key }
    }

    private func items(_ key: String) throws(ConfigurationError) -> [YAMLNode] {
        guard let entry = entries.first(where: { $0.key == key }) else { return [] }
        switch entry.value {
        case .list(let items, _): return items
        case .scalar("", _): return []
        case .scalar(_, let line), .map(_, let line):
            throw ConfigurationError("\(path) line \(line): \(Self.joined(name, key)): needs a list, such as [a, b]")
        }
    }

    private func value(_ node: YAMLNode, _ key: String) throws(ConfigurationError) -> WebValue {
        let origin = "\(path) line \(node.line): \(Self.joined(name, key))"
        guard case .scalar(let text, _) = node else { throw ConfigurationError("\(origin): needs one plain value") }
        return WebValue(text: text, origin: origin)
    }

    private static func joined(_ section: String, _ key: String) -> String {
        section.isEmpty ? key : "\(section).\(key)"
    }
}

/// A plain value and where it stands.
struct WebValue {
    let text: String
    /// File, line and key.
    let origin: String

    /// An error about it that shows the value.
    func refused(allowed: String) -> ConfigurationError {
        ConfigurationError("\(origin): \"\(text)\" is not allowed; allowed: \(allowed)")
    }

    /// An error about it that does not show the value.
    func problem(_ problem: String) -> ConfigurationError {
        ConfigurationError("\(origin): \(problem)")
    }

    /// The value as a choice of a few words.
    func choice<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) throws(ConfigurationError) -> Value
    where Value.RawValue == String {
        if let value = Value(rawValue: text) { return value }
        throw refused(allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// The value as a yes or no, in any of YAML's spellings.
    func flag() throws(ConfigurationError) -> Bool {
        let word = text.lowercased()
        let capitalized = word.prefix(1).uppercased() + word.dropFirst()
        if [word, word.uppercased(), capitalized].contains(text) {
            if ["true", "yes", "on", "y"].contains(word) { return true }
            if ["false", "no", "off", "n"].contains(word) { return false }
        }
        throw refused(allowed: "true or false")
    }
}
