// `--http.api-keys-file`: the gateway's API keys by name, with digests in place of the tokens. The entries have the
// form that `api_keys` has in the web configuration.

import System
import Traffic

enum APIKeyFile {
    /// The most keys of a list, and the longest name in bytes.
    private static let mostKeys = 1_000
    private static let longestName = 64
    private static let section = "api_keys"

    /// Reads a file.
    ///
    /// - Throws: one line that names the file, the line and what is allowed there; never a digest.
    static func keys(in path: String) throws(ConfigurationError) -> [TrafficAPIKey] {
        let text: String
        do {
            text = try SmallFile.text(path)
        } catch {
            throw ConfigurationError(Shown.problem(error, of: path))
        }
        do {
            return try keys(of: try YAMLNode.parse(text))
        } catch {
            throw ConfigurationError("\(Shown.value(path)) \(error)")
        }
    }

    /// Reads a list of entries, or one below `api_keys`.
    static func keys(of root: YAMLNode) throws(ConfigurationError) -> [TrafficAPIKey] {
        var keys: [TrafficAPIKey] = []
        for entry in try entries(of: root) {
            let name = try value("name", of: entry)
            guard (1...longestName).contains(name.text.utf8.count), !keys.contains(where: { $0.name == name.text })
            else {
                throw problem(name.line, "name", "allowed: up to \(longestName) bytes, each name once")
            }
            let digest = try value("sha256", of: entry)
            guard let sha256 = SHA256(hexadecimal: digest.text), !keys.contains(where: { $0.sha256 == sha256 }) else {
                throw problem(
                    digest.line, "sha256", "not the digest of a token; allowed: 64 hexadecimal digits, each token once")
            }
            keys.append(TrafficAPIKey(name: name.text, sha256: sha256))
        }
        guard keys.count <= mostKeys else {
            throw problem(root.line, section, "\(keys.count) keys; allowed: \(mostKeys)")
        }
        return keys
    }

    private static func entries(of root: YAMLNode) throws(ConfigurationError) -> [YAMLNode] {
        switch root {
        case .list(let items, _): return items
        case .map(let entries, _) where entries.count == 1 && entries[0].key == section:
            if case .list(let items, _) = entries[0].value { return items }
        case .map([], _): return []
        case .map, .scalar: break
        }
        throw problem(root.line, section, "needs a list of {name, sha256}")
    }

    private static func value(_ key: String, of node: YAMLNode) throws(ConfigurationError) -> (text: String, line: Int)
    {
        guard case .map(let entries, let line) = node else {
            throw problem(node.line, section, "needs a list of {name, sha256}")
        }
        if let other = entries.first(where: { $0.key != "name" && $0.key != "sha256" }) {
            throw problem(other.line, Shown.name(other.key), "unknown key; allowed: name, sha256")
        }
        guard case .scalar(let text, let line)? = entries.first(where: { $0.key == key })?.value else {
            throw problem(line, section, "\(key) is missing")
        }
        return (text, line)
    }

    private static func problem(_ line: Int, _ key: String, _ problem: String) -> ConfigurationError {
        ConfigurationError("line \(line): \(key): \(problem)")
    }
}
