// A configuration is what the daemon runs with: every option read and checked. It can be read again, on SIGHUP, from
// the same places.

import Capture
import Postgres
import Redis
import System

/// A complete, checked configuration.
struct Configuration: Sendable {
    let settings: Settings
    /// The statements of `--postgres.queries-file`.
    let queries: [CustomQuery]
    /// How many options the configuration file sets; 0 without a file.
    let optionsInFile: Int

    /// How many servers are watched at the most.
    var targets: Int {
        let redis = settings[Options.redisAddresses].reduce(0) { count, place in
            if case .cluster = place { count + settings[Options.redisMaxNodes] + 1 } else { count + 1 }
        }
        return redis + settings[Options.postgresAddresses].count + settings[Options.pgBouncerAddresses].count
    }

    /// How many interfaces are captured through a socket of their own.
    var interfaces: Int {
        guard case .captured(.named(let names)) = settings[Options.wireInterfaces] else { return 0 }
        return names.count
    }

    /// Where a configuration comes from.
    struct Origin: Sendable {
        private let arguments: Arguments
        private let environment: [String: String]

        init(_ arguments: Arguments, environment: [String: String]) {
            self.arguments = arguments
            self.environment = environment
        }

        /// The configuration file, and what names it; nil without one.
        private var path: (path: String, origin: String)? {
            if let path = arguments.configurationFile { return (path, "--\(Arguments.configurationFlag)") }
            let variable = Arguments.configurationVariable
            return environment[variable].flatMap { $0.isEmpty ? nil : ($0, variable) }
        }

        /// Reads the file, if one was named, and all options.
        ///
        /// - Throws: the first thing that is wrong, in one line.
        func read() throws(ConfigurationError) -> Configuration {
            var file: ConfigurationFile?
            if let (path, origin) = path {
                do {
                    file = try ConfigurationFile(try SmallFile.text(path), path: path)
                } catch {
                    let problem = Shown.problem(error, of: path)
                    throw ConfigurationError("\(origin): \(problem)")
                }
            }
            let settings = try Settings(flags: arguments.flags, environment: environment, file: file)
            try refuseTwice(settings[Options.redisAddresses].map(\.label), of: Options.redisAddresses)
            try refuseTwice(settings[Options.postgresAddresses].targets, of: Options.postgresAddresses)
            try refuseTwice(settings[Options.pgBouncerAddresses].map(\.target), of: Options.pgBouncerAddresses)
            try refuseSharedPorts(settings)
            return Configuration(
                settings: settings, queries: try queries(settings[Options.postgresQueriesFile]),
                optionsInFile: file?.entries.count ?? 0)
        }

        /// Reads everything again, for a program that runs.
        ///
        /// - Throws: also when the file has lost all of its options. It is being written at this moment then, or the
        ///   disk is full; a restart brings the defaults.
        func read(insteadOf running: Configuration) throws(ConfigurationError) -> Configuration {
            let configuration = try read()
            guard configuration.optionsInFile > 0 || running.optionsInFile == 0 else {
                let (path, origin) = path ?? ("", "")
                throw ConfigurationError(
                    "\(origin): \(path): sets no option any more; restart to run with the defaults")
            }
            return configuration
        }

        private func refuseTwice(_ targets: [String], of option: any AnyOption) throws(ConfigurationError) {
            var seen: Set<String> = []
            for target in targets where !seen.insert(target).inserted {
                throw ConfigurationError(
                    "--\(option.name): \"\(Shown.value(target))\" stands twice; allowed: each target once")
            }
        }

        private func refuseSharedPorts(_ settings: Settings) throws(ConfigurationError) {
            guard case .ports(let ports) = settings[Options.wirePostgresPorts] else { return }
            let given = settings[Options.wireRedisPorts]
            let redis = given.isEmpty ? settings[Options.redisAddresses].compactMap(\.serverPort) : given
            guard let port = ports.first(where: redis.contains) else { return }
            throw ConfigurationError(
                "--\(Options.wirePostgresPorts.name): port \(port) is read as Redis'; leave it to one of them")
        }

        private func queries(_ path: String?) throws(ConfigurationError) -> [CustomQuery] {
            guard let path else { return [] }
            let flag = "--\(Options.postgresQueriesFile.name)"
            let origin = "\(flag): \(path)"
            let text: String
            do {
                text = try SmallFile.text(path)
            } catch {
                throw ConfigurationError("\(flag): \(Shown.problem(error, of: path))")
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

extension RedisPlace {
    /// The TCP port of a single server.
    fileprivate var serverPort: UInt16? {
        guard case .server(let address) = self, case .tcp(_, let port) = address.endpoint else { return nil }
        return port
    }
}

extension [ConnectionString] {
    /// What each is called: by its server, and where two are on one server by its database as well.
    var targets: [String] {
        let servers = map(\.target)
        return map { address in
            let isAlone = servers.count { $0 == address.target } == 1
            return isAlone ? address.target : "\(address.target)/\(address.database)"
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
