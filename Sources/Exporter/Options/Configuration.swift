// A configuration is what the daemon runs with: every option read and checked. It can be read again, on SIGHUP, from the
// same places.

import Glibc
import Postgres

/// A complete, checked configuration.
struct Configuration: Sendable {
    let settings: Settings
    /// The statements of `--postgres.queries-file`.
    let queries: [CustomQuery]

    /// Where a configuration comes from.
    struct Source: Sendable {
        private let arguments: Arguments
        private let environment: [String: String]

        init(_ arguments: Arguments, environment: [String: String]) {
            self.arguments = arguments
            self.environment = environment
        }

        /// Reads the file, if one was named, and all options.
        ///
        /// - Throws: the first thing that is wrong, in one line.
        func read() throws(ConfigurationError) -> Configuration {
            var file: ConfigurationFile?
            if let path = arguments.configurationFile {
                file = try ConfigurationFile(try TextFile.read(path), path: path)
            }
            let settings = try Settings(flags: arguments.flags, environment: environment, file: file)
            return Configuration(settings: settings, queries: try queries(settings[Options.postgresQueriesFile]))
        }

        private func queries(_ path: String?) throws(ConfigurationError) -> [CustomQuery] {
            guard let path else { return [] }
            let origin = "--\(Options.postgresQueriesFile.name): \(path)"
            let document: YAMLNode
            do {
                document = try YAMLNode.parse(try TextFile.read(path))
            } catch {
                throw ConfigurationError("\(origin): \(error)")
            }
            do throws(QueryFileError) {
                return try CustomQuery.read(QueryDocument(document))
            } catch {
                throw ConfigurationError("\(origin): \(error)")
            }
        }
    }
}

/// Small text files that an operator writes.
enum TextFile {
    /// No configuration is larger than this.
    private static let limit = 1 << 20

    /// The content of a file.
    ///
    /// - Throws: the path and why it cannot be read.
    static func read(_ path: String) throws(ConfigurationError) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ConfigurationError("\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                throw ConfigurationError("\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
            }
            if count == 0 { return String(decoding: content, as: UTF8.self) }
            content += buffer.prefix(count)
            guard content.count <= Self.limit else { throw ConfigurationError("\(path): larger than 1 MiB") }
        }
    }
}

extension QueryDocument {
    /// The same tree in the terms of the Postgres room, which knows no YAML.
    fileprivate init(_ node: YAMLNode) {
        switch node {
        case .scalar(let text, let line): self = .scalar(text, line: line)
        case .list(let items, let line): self = .list(items.map(QueryDocument.init), line: line)
        case .map(let entries, let line):
            let converted = entries.map { Entry(key: $0.key, line: $0.line, value: QueryDocument($0.value)) }
            self = .map(converted, line: line)
        }
    }
}
