import Metrics
import Testing

@testable import Redis

struct PartTests {
    @Test func readsTheWantedParameters() throws {
        let config = try ConfigParameters(try Fixture.reply("redis-7.0/config"))
        #expect(config.databases == 16)
        #expect(config.samples.first(ConfigParameters.maxClients) == 10000)
        #expect(config.samples.first(ConfigParameters.ioThreads) == 1)
        #expect(config.samples.number(ConfigParameters.bufferLimit, "slave", "hard") == 268_435_456)
        #expect(config.samples.number(ConfigParameters.bufferLimit, "pubsub", "soft") == 8_388_608)
        #expect(config.samples.number(ConfigParameters.bufferTime, "pubsub", "soft") == 60)
    }

    @Test(arguments: Fixture.standalone)
    func readsTheConfigurationOfEveryServer(server: String) throws {
        let config = try ConfigParameters(try Fixture.reply(server + "/config"))
        #expect(config.databases == 16)
        let isCommandLogKept = ["valkey-8.1", "valkey-9.1"].contains(server)
        let families = ConfigParameters.descriptors.filter {
            isCommandLogKept || !$0.name.hasPrefix("redis_commandlog")
        }
        #expect(config.samples.families.count == families.count)
        #expect(config.found == ConfigParameters.wantedCount)
    }

    @Test func asksForSeveralParametersWhereThatIsPossible() throws {
        let seven = ServerIdentity(info: try #require(try Fixture.reply("redis-7.0/info").bytes))
        let six = ServerIdentity(info: try #require(try Fixture.reply("redis-6.0/info").bytes))
        #expect(ConfigForm(for: six).queries.map(\.words) == [["CONFIG", "GET", "*"]])
        #expect(ConfigForm(for: seven).queries.first?.words.contains("maxclients") == true)
        #expect(ConfigForm(for: ServerIdentity()) == .all)
        #expect(ConfigForm.each.queries.contains(RedisQuery("CONFIG GET", "maxclients")))
    }

    @Test func asksForSectionsByNameWhereThatIsPossible() throws {
        func detail(_ server: String) throws -> InfoDetail {
            InfoDetail(for: ServerIdentity(info: try #require(try Fixture.reply(server + "/info").bytes)))
        }
        #expect(try detail("redis-7.0") == .sections)
        #expect(try detail("valkey-9.1") == .sections)
        #expect(try detail("redis-6.2") == .everything)
        #expect(InfoDetail(for: ServerIdentity()) == .everything)
    }

    @Test func readsPercentiles() throws {
        let percentiles = try CommandPercentiles(try Fixture.reply("redis-7.0/info"))
        #expect(percentiles.quantiles.count > 10)
        #expect(percentiles.quantiles.allSatisfy { $0.values.map(\.label) == ["50", "99", "99.9"] })
    }

    @Test func readsSpikes() throws {
        let samples = try LatencySpikes.decode(try Fixture.reply("valkey-8.1/latency-latest"))
        #expect(samples[LatencySpikes.last].map(\.labels) == [["command"]])
        #expect(samples.number(LatencySpikes.duration, "command") == 0.02)
        #expect(samples.number(LatencySpikes.longest, "command") == 0.02)
    }

    @Test func readsTheModeOfEveryNode() throws {
        func mode(_ server: String) throws -> ServerIdentity.Mode {
            ServerIdentity(info: try #require(try Fixture.reply(server + "/info").bytes)).mode
        }
        #expect(try mode("redis-7.0") == .standalone)
        #expect(try mode("valkey-8.0") == .standalone)
        #expect(try mode("redis-7.0-cluster") == .cluster)
        #expect(try mode("redis-7.0-sentinel") == .sentinel)
    }

    @Test func sortsErrors() {
        func reason(_ text: String) -> CollectorFailure.Reason {
            CollectorFailure(serverError: ErrorText(text), to: "CONFIG GET").reason
        }
        #expect(reason("NOAUTH Authentication required.") == .auth)
        #expect(reason("NOPERM this user has no permissions to run the 'config|get' command") == .denied)
        #expect(reason("ERR unknown command 'CONFIG', with args beginning with: 'GET' '*'") == .unsupported)
        #expect(
            reason("ERR Unknown subcommand or wrong number of arguments for 'HISTOGRAM'. Try LATENCY HELP.")
                == .unsupported)
        #expect(reason("LOADING Redis is loading the dataset in memory") == .loading)
        #expect(reason("MASTERDOWN Link with MASTER is down") == .refused)
        #expect(reason("BUSY Redis is busy running a script") == .refused)
        #expect(CollectorFailure(serverError: "NOPERM x", to: "CONFIG GET").message.contains("+config|get"))
    }

    /// What an error means is in its words; a password that is one of them changes only what is shown.
    @Test(arguments: ["NOPERM", "permissions", "this user"])
    func aPasswordMayBeAWordOfTheServers(password: String) {
        let error = ErrorText("NOPERM this user has no permissions to run the 'config|get' command", hiding: password)
        let failure = CollectorFailure(serverError: error, to: "CONFIG GET")
        #expect(failure.reason == .denied && !failure.message.contains(password), "\(failure)")
    }

    @Test func keepsPasswordsOutOfMessages() {
        let failure = CollectorFailure(
            authError: "ERR unknown command `AUTH`, with args beginning with: `secret`, ", user: nil)
        #expect(failure.reason == .auth)
        #expect(!failure.message.contains("secret"))
    }
}
