// A configuration is what the daemon runs with: every option read and checked. It can be read again, on SIGHUP, from the
// same places.

import Glibc
import Postgres
import Redis

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
                do {
                    file = try ConfigurationFile(try TextFile.read(path), path: path)
                } catch {
                    throw ConfigurationError("--\(Arguments.configurationFlag): \(error)")
                }
            }
            let settings = try Settings(flags: arguments.flags, environment: environment, file: file)
            try refuseTwice(settings[Options.redisAddresses].map(\.label), of: Options.redisAddresses)
            try refuseTwice(settings[Options.postgresAddresses].map(\.target), of: Options.postgresAddresses)
            return Configuration(settings: settings, queries: try queries(settings[Options.postgresQueriesFile]))
        }

        private func refuseTwice(_ targets: [String], of option: any AnyOption) throws(ConfigurationError) {
            var seen: Set<String> = []
            for target in targets where !seen.insert(target).inserted {
                throw ConfigurationError("--\(option.name): \"\(target)\" stands twice; allowed: each target once")
            }
        }

        private func queries(_ path: String?) throws(ConfigurationError) -> [CustomQuery] {
            guard let path else { return [] }
            let flag = "--\(Options.postgresQueriesFile.name)"
            let origin = "\(flag): \(path)"
            let text: String
            do {
                text = try TextFile.read(path)
            } catch {
                throw ConfigurationError("\(flag): \(error)")
            }
            let document: YAMLNode
            do {
                document = try YAMLNode.parse(text)
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
        // Not to wait for a FIFO's writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ConfigurationError("\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ConfigurationError("\(path): not a regular file")
        }
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
    init(_ node: YAMLNode) {
        switch node {
        case .scalar(let text, let line): self = .scalar(text, line: line)
        case .list(let items, let line): self = .list(items.map(QueryDocument.init), line: line)
        case .map(let entries, let line):
            let converted = entries.map { Entry(key: $0.key, line: $0.line, value: QueryDocument($0.value)) }
            self = .map(converted, line: line)
        }
    }
}
