import Testing

@testable import Exporter

/// What a health check learns from the command line of process 1.
@Suite struct ContainerArgumentsTests {
    @Test func argumentsBehindTheName() {
        #expect(ContainerArguments.afterName(in: "/usr/bin/sidelong\0--log.level=debug\0") == ["--log.level=debug"])
        #expect(ContainerArguments.afterName(in: "sidelong\0") == [])
        #expect(ContainerArguments.afterName(in: "sidelong\0serve\0\0") == ["serve", ""])
        #expect(ContainerArguments.afterName(in: "/sbin/docker-init\0--\0/usr/bin/sidelong\0serve\0") == ["serve"])
        for other in ["", "/pause\0", "redis-server *:6379\0\0", "/usr/bin/sidelong-like\0serve\0"] {
            #expect(ContainerArguments.afterName(in: other) == nil)
        }
    }

    @Test func onlyWhatSaysWhereTheServerIs() throws {
        let server = [
            "--redis.addr=a:1", "--web.listen-address=:1", "--web.config.file", "/web.yaml", "--config.file=/c.yaml",
        ]
        let check = try Arguments(["health"]).checking(server)
        #expect(check.word == .health && check.configurationFile == "/c.yaml")
        #expect(check.flags == ["web.listen-address": [":1"], "web.config.file": ["/web.yaml"]])
    }

    @Test(arguments: [["--web.listen-address=:2"], ["http://localhost:2"], ["--config.file=/d.yaml"]])
    func whatIsSaidGoesFirst(said: [String]) throws {
        let check = try Arguments(["health"] + said)
        #expect(check.checking(["--web.listen-address=:1"]) == check)
    }

    @Test(arguments: [nil, ["check", "--web.listen-address=:1"], ["--nonsense"], ["health"]])
    func noServerNoFlags(other: [String]?) throws {
        let check = try Arguments(["health"])
        #expect(check.checking(other) == check)
    }
}
