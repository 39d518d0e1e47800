import HTTP
import Redis
import TestKit
import Testing

@testable import Exporter

/// The command line and the environment of a redis_exporter.
@Suite struct PeerFlagTests {
    private func settings(_ arguments: [String], environment: [String: String] = [:]) throws -> Settings {
        try Settings(flags: try Arguments(arguments).flags, environment: environment)
    }

    /// The flags of its versions 1.86 to 1.88, by name.
    private static let theirs: [String] = {
        let text = (try? Project.text("Tests/Fixtures/exporter/redis_exporter-flags.txt")) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }()

    private static let own: Set<String> = [
        "redis.addr", "redis.user", "redis.password", "redis.password-file", "web.listen-address", "version",
    ]

    @Test func everyFlagIsKnown() throws {
        #expect(Self.theirs.count == 59)
        #expect(Set(Self.theirs) == Self.own.union(PeerFlag.all.map(\.name)))
        #expect(Set(PeerFlag.all.map(\.name)).count == PeerFlag.all.count)
        let options = Set(Options.all.map(\.name))
        #expect(options.isDisjoint(with: PeerFlag.all.map(\.name)))
    }

    /// What Debian ships is an older version, which has no flag that the newer ones lack.
    @Test func everyFlagOfTheInstalledVersionIsKnown() throws {
        let help = try ServerProcess.run("prometheus-redis-exporter", ["--help"]).output
        let names = help.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  -") else { return nil }
            return String(line.dropFirst(3).prefix { $0 != " " })
        }
        #expect(names.count > 30)
        #expect(Set(names).subtracting(Self.theirs) == [])
    }

    /// What is left out of the page is not asked for either.
    @Test func valuesThatAreNotExportedAreNotRead() throws {
        let flag = RedisSettings(try settings(["--disable-exporting-key-values", "-streams-exclude-consumer-metrics"]))
        #expect(flag.keys.excludes("redis_key_value") && !flag.keys.excludes("redis_key_size"))
        #expect(flag.keys.excludes("redis_stream_group_consumer_idle_seconds"))
        let variable = ["REDIS_EXPORTER_DISABLE_EXPORTING_KEY_VALUES": "true"]
        #expect(RedisSettings(try settings([], environment: variable)).keys.excludes("redis_key_value"))
        #expect(!RedisSettings(try settings([])).keys.excludes("redis_key_value"))
    }

    /// Each either works or says in one line what there is instead.
    @Test(arguments: PeerFlag.all.map(\.name)) func noneIsPassedOver(name: String) throws {
        let flag = try #require(PeerFlag.all.first { $0.name == name })
        let values = flag.isSwitch ? ["true", "false"] : ["10s", "debug", "json", "/file", "x"]
        for value in values {
            for dashes in ["-", "--"] {
                let arguments = try? Arguments(["\(dashes)\(name)=\(value)"])
                switch flag.read(value) {
                case .set(let given):
                    #expect(given.allSatisfy { setting in arguments?.flags[setting.option] == [setting.text] })
                    #expect(arguments?.flags.count == given.count)
                case .refused:
                    #expect(arguments == nil)
                    let error = #expect(throws: ConfigurationError.self) { try Arguments(["--\(name)=\(value)"]) }
                    #expect(error?.description.hasPrefix("--\(name): ") == true)
                    #expect(error?.description.contains("`") == false)
                }
            }
            guard let variable = flag.variable else { continue }
            let peers = PeerVariables([variable: value])
            switch flag.read(value) {
            case .set(let given):
                #expect(peers.remarks == [])
                #expect(Set(peers.texts.keys) == Set(given.map(\.option)))
            case .refused:
                #expect(peers.texts.isEmpty)
                #expect(peers.remarks.count == 1 && peers.remarks[0].hasPrefix("\(variable): "))
            }
        }
    }

    @Test func aWholeCommandLineWorks() throws {
        let settings = try settings([
            "-redis.addr", "redis://h:1", "-connection-timeout", "7s", "-debug", "-skip-tls-verification",
            "-include-system-metrics", "-namespace=redis", "-web.listen-address=:9999", "-log-format", "json",
            "--tls-ca-cert-file=/ca", "--tls-client-cert-file", "/cert", "--tls-client-key-file=/key",
            "--tls-server-name=n", "-set-client-name=true", "-exclude-latency-histogram-metrics",
            "-redis-only-metrics", "--is-cluster=0", "-config-command", "CONFIG", "-check-keys=",
        ])
        #expect(settings[Options.redisAddresses].map(\.label) == ["h:1"])
        #expect(settings[Options.redisConnectTimeout] == .seconds(7))
        #expect(settings[Options.redisTimeout] == .seconds(7))
        #expect(settings[Options.logLevel] == .debug)
        #expect(settings[Options.logFormat] == .json)
        #expect(settings[Options.redisSkipVerify])
        #expect(settings[Options.redisCAFile] == "/ca")
        #expect(settings[Options.redisCertificateFile] == "/cert")
        #expect(settings[Options.redisKeyFile] == "/key")
        #expect(settings[Options.redisServerName] == "n")
        #expect(settings[Options.metricsExclude] == ["redis_commands_latencies_usec", "process_*"])
        #expect(settings[Options.listenAddresses].map(\.port) == [9999])
    }

    @Test(arguments: [
        (["-log-level=loud"], "--log.level: \"loud\" is not allowed"),
        (["-connection-timeout=soon"], "--redis.connect-timeout: \"soon\" is not allowed"),
        (["-connection-timeout"], "--connection-timeout: needs a value"),
        (["-debug", "--log.level=info"], "--log.level: given twice"),
        (["-check-keys=a=b=c"], "--keys.check: \"a=…\" is not allowed"),
        (["-namespace=prod"], "--namespace: a flag of redis_exporter; none: names begin with redis_"),
        (["-debug=maybe"], "--debug: a flag of redis_exporter; \"maybe\" is not allowed"),
        (["-redis.password=x"], "--redis.password: not a flag"),
        (["-basic-auth-password=hunter2"], "--basic-auth-password: a flag of redis_exporter; --web.config.file"),
        (["-d"], "-d: unknown flag"),
    ])
    func whatCannotBeHadIsSaidInOneLine(arguments: [String], message: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings(arguments) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func variablesWorkBelowOurOwn() throws {
        let environment = [
            "REDIS_EXPORTER_CONNECTION_TIMEOUT": "7s", "REDIS_OPERATION_TIMEOUT": "3", "REDIS_EXPORTER_DEBUG": "true",
            "REDIS_EXPORTER_WEB_LISTEN_ADDRESS": ":7777", "REDIS_EXPORTER_INCL_SYSTEM_METRICS": "true",
            "REDIS_EXPORTER_CHECK_KEYS": "a*", "REDIS_EXPORTER_NONSENSE": "1", "REDIS_EXPORTER_SCRIPT": "",
            "REDIS_EXPORTER_BASIC_AUTH_PASSWORD": "hunter2",
        ]
        let settings = try settings([], environment: environment)
        #expect(settings[Options.redisConnectTimeout] == .seconds(7))
        #expect(settings[Options.redisTimeout] == .seconds(3))
        #expect(settings[Options.logLevel] == .debug)
        #expect(settings[Options.listenAddresses].map(\.port) == [7777])
        #expect(
            settings.remarks.map { $0.prefix { $0 != ":" } } == [
                "REDIS_EXPORTER_BASIC_AUTH_PASSWORD", "REDIS_EXPORTER_NONSENSE",
            ])
        #expect(settings[Options.keysCheck] == [KeyPattern("a*")])
        #expect(!settings.remarks.contains { $0.contains("hunter2") })
        let file = try ConfigurationFile("log:\n  level: warn\n", path: "f.yaml")
        #expect(try Settings(environment: environment, file: file)[Options.logLevel] == .debug)
    }

    @Test func aPasswordEndsBeforeItsLineBreak() throws {
        for text in ["secret\n", "secret\r\n", "secret"] {
            #expect(try settings([], environment: ["REDIS_PASSWORD": text])[Options.redisPassword] == "secret")
        }
        #expect(throws: ConfigurationError.self) { try settings([], environment: ["REDIS_PASSWORD": "\n"]) }
    }

    /// The table between its heading and the next paragraph.
    @Test func theTableOfTheGuideIsUpToDate() throws {
        let path = "docs/migrating.md"
        let text = try Project.text(path)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex { Help.peerTable.hasPrefix($0 + "\n") })
        let end = try #require(lines[start...].firstIndex(of: ""))
        let new = lines[..<start] + [String(Help.peerTable.dropLast())] + lines[end...]
        #expect(try Project.difference(new.joined(separator: "\n"), from: path, kind: "docs") == [])
    }
}
