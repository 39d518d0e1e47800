import Foundation
import TestKit
import Testing

@testable import Exporter

/// Every kind of text that holds a secret, in every place of the command line, the environment and the file: whatever
/// is refused, the refusal does not repeat it.
@Suite struct RefusalSecretTests {
    private static let secret = "geheim"

    /// Each holds the secret; some are what their place wants, most are not.
    private static let texts = [
        "postgres://user:geheim@db/app", "postgresql+asyncpg://user:geheim@db:5432/app?nonsense=1",
        "postgres://user@db/app?password=geheim", "postgres://user:geheim/x@db/app", "postgres://user:geheim",
        "mysql://user:geheim@db/app", "host=db user=u password=geheim", "host=db password = 'geheim x",
        "password=geheim",
        "redis://user:geheim@host:6379", "redis://:geheim@host:port", "rediss://:geheim", "user:geheim@host:1",
        "db:5432:app:user:geheim", "amqp://user:geheim@host", "https://user:geheim@host/", "token=geheim",
        "Bearer=geheim", "sha256=geheim", String(repeating: "geheim", count: 12), "geheim@host,redis://:geheim@other",
        "redis://:a,geheim@host", "redis://u:geheim/x@host:port", "redis://u:p@geheim:port", "host=u:geheim@db user=u",
    ]

    private func refusal(
        _ arguments: [String] = [], _ environment: [String: String] = [:], _ what: String
    ) -> String? {
        do throws(ConfigurationError) {
            let origin = Configuration.Origin(try Arguments(arguments), environment: environment)
            let configuration = try origin.read()
            var files = WebFiles()
            _ = try WebConfiguration.rules(for: configuration.settings, &files)
            return nil
        } catch {
            #expect(!error.description.contains(Self.secret), "\(what): \(error)")
            return error.description
        }
    }

    @Test(arguments: texts) func noFlagRepeatsIt(text: String) {
        var refusals = 0
        for option in Options.all {
            for arguments in [["--\(option.name)=\(text)"], ["--\(option.name)", text, "--\(option.name)", text]] {
                refusals += refusal(arguments, [:], "\(option.name) \(text)") == nil ? 0 : 1
            }
        }
        #expect(refusals > 30)
        for arguments in [
            [text], ["serve", text], ["check", text], ["--log.level=debug", text], ["health", "x", text],
            ["replay", "x", text], ["replay", "x", "--format", text], ["replay", "x", "--format=\(text)"],
            ["--\(text)"],
            ["-p\(text)"], ["--config.file", text], ["--config.file=\(text)"], ["--postgres.dsn\(text)"],
            ["--postgres.dsn", "host=db", text], ["--pgbouncer.dsn=host=db", text], ["-", text],
        ] {
            #expect(refusal(arguments, [:], "\(arguments)") != nil, "\(arguments)")
        }
    }

    @Test(arguments: texts) func noVariableRepeatsIt(text: String) {
        for variable in Options.all.flatMap(\.environment).map(\.name) + DataSource.variables {
            _ = refusal([], [variable: text], variable)
            let others = ["DATA_SOURCE_URI": "db:port", "DATA_SOURCE_NAME": ""]
            _ = refusal([], others.merging([variable: text]) { $1 }, variable)
        }
    }

    @Test(arguments: texts) func noFileRepeatsIt(text: String) throws {
        let folder = try TemporaryFolder()
        let quoted = "'\(text.replacingOccurrences(of: "'", with: "''"))'"
        for content in [
            "\(quoted): 1\n", "redis: {\(quoted): 1}\n", "redis: \(quoted)\n", "redis: [\(quoted)]\n", quoted,
            "redis: {interval: \(quoted)}\n", "redis: {interval: [\(quoted)]}\n",
            "postgres: {dsn: {\(quoted): 1, \(quoted): 2}}\n", "redis: {\(quoted): 1, \(quoted): 2}\n",
            "postgres: {dsn: [\(quoted), \(quoted), x]}\n", "pgbouncer: {dsn: \(quoted)\n",
        ] {
            let path = try folder.write(content, to: "c.yml")
            #expect(refusal(["--config.file=\(path)"], [:], content) != nil, "\(content)")
        }
    }

    /// Their files are read later; what a password in the place of a path comes to is told by `check`.
    @Test func aPasswordInThePlaceOfItsFileIsNotRepeated() async throws {
        for option in ["redis.password-file", "postgres.password-file"] {
            let check = try await Sidelong.run(
                ["check", "--\(option)=geheim", "--redis.addr=127.0.0.1:1", "--postgres.dsn=host=127.0.0.1 port=1"])
            #expect(check.status == 1 && !check.output.contains("geheim"), "\(check.output)")
        }
    }

    @Test func whatHoldsNoSecretIsShown() {
        for text in [
            "5", "2h", "lo ud", "90,80", "http://x", "nowhere", "[::1]:99999", "127.0.0.1:99999", "unix:/run/x",
            "/no/such/file", "", "fe80::1", "http://host:8080/metrics",
        ] {
            #expect(Shown.value(text) == text)
        }
        #expect(Shown.value("a=b") == "a=…" && Shown.name("redis.intervall") == "redis.intervall")
    }
}
