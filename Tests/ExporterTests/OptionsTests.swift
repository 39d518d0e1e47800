import HTTP
import Redis
import Testing

@testable import Exporter

@Suite struct OptionsTests {
    private func settings(
        _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) throws -> Settings {
        let parsed = try Arguments(arguments)
        return try Settings(
            flags: parsed.flags, environment: environment,
            file: file.map { try ConfigurationFile($0, path: "f.yaml") })
    }

    @Test func everyDefaultIsAllowed() throws {
        let settings = try settings()
        #expect(settings[Options.redisInterval] == .seconds(5))
        #expect(settings[Options.redisAddresses].map(\.label) == ["localhost:6379"])
        #expect(settings[Options.redisPassword] == nil)
        #expect(settings[Options.metricsExclude] == [])
        #expect(settings[Options.healthMemory] == Thresholds(warning: 80, critical: 90))
    }

    @Test func flagWinsOverEnvironmentOverFileOverDefault() throws {
        let file = "redis:\n  interval: 30s\n"
        let environment = ["REDIS_HEALTH_CHECK_INTERVAL": "20"]
        #expect(try settings(file: file)[Options.redisInterval] == .seconds(30))
        #expect(try settings(environment: environment, file: file)[Options.redisInterval] == .seconds(20))
        let flag = ["--redis.interval=10s"]
        #expect(try settings(flag, environment: environment, file: file)[Options.redisInterval] == .seconds(10))
    }

    @Test func theFirstVariableThatIsSetWins() throws {
        let both = ["REDIS_ADDR": "first:1", "REDIS_URL": "redis://second:2"]
        #expect(try settings(environment: both)[Options.redisAddresses].map(\.label) == ["first:1"])
        let emptyFirst = ["REDIS_ADDR": "", "REDIS_URL": "redis://second:2"]
        #expect(try settings(environment: emptyFirst)[Options.redisAddresses].map(\.label) == ["second:2"])
    }

    @Test(arguments: [
        (["REDIS_RETRY_DELAY": "2"], Duration.seconds(2)), (["RETRY_DELAY_MS": "250"], .milliseconds(250)),
        (["REDIS_RETRY_DELAY": "300ms"], .milliseconds(300)), (["REDIS_RETRY_DELAY": "0.5"], .milliseconds(500)),
    ])
    func variablesWithoutAUnitHaveTheirOwn(environment: [String: String], delay: Duration) throws {
        #expect(try settings(environment: environment)[Options.retryDelay] == delay)
    }

    @Test func bothWaysOfGivingAFlagAndRepeatedFlags() throws {
        let settings = try settings(["--redis.addr", "a:1", "--redis.addr=b:2,c:3", "--web.listen-address=:0"])
        #expect(settings[Options.redisAddresses].map(\.label) == ["a:1", "b:2", "c:3"])
        #expect(settings[Options.listenAddresses].map(\.port) == [0])
    }

    @Test(arguments: [
        (["--redis.interval=5"], "--redis.interval: \"5\" is not allowed; allowed: a duration from 100ms to 1h"),
        (["--redis.interval=2h"], "--redis.interval: \"2h\" is not allowed"),
        (["--redis.interval"], "--redis.interval: needs a value"),
        (["--retry.attempts=0"], "--retry.attempts: \"0\" is not allowed; allowed: a whole number from 1 to 100"),
        (["--retry.attempts=1", "--retry.attempts=2"], "--retry.attempts: given twice"),
        (["--no.such=1"], "--no.such: unknown flag"),
        (["-x"], "-x: unknown flag"),
        (["--redis.password=x"], "--redis.password: not a flag"),
        (["--log.level=loud"], "--log.level: \"loud\" is not allowed; allowed: debug, info, warn, error"),
        (["--health.memory=80"], "--health.memory: \"80\" is not allowed; allowed: two numbers in percent"),
        (["--health.memory=90,80"], "--health.memory: \"90,80\" is not allowed"),
        (["--health.hit-rate=70,80"], "--health.hit-rate: \"70,80\" is not allowed"),
        (["--redis.addr="], "--redis.addr: \"\" is not allowed"),
        (["--redis.addr=redis://:se,cret@h"], "--redis.addr: \"…\" is not allowed"),
        (["--web.listen-address=nowhere"], "--web.listen-address: \"nowhere\" is not allowed"),
        (["--redis.addr=http://x"], "--redis.addr: \"http://x\" is not allowed"),
        (["dance"], "\"dance\" is not a command"),
        (["--log.level=lo\nud"], "--log.level: \"lo ud\" is not allowed; allowed: debug"),
        (["serve", "extra"], "\"extra\": serve takes no such argument"),
    ])
    func whatIsWrongIsSaidInOneLine(arguments: [String], message: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings(arguments) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test(arguments: [
        ("redis:\n  intervall: 5s\n", "f.yaml line 2: redis.intervall: unknown key"),
        ("redis: 5\n", "f.yaml line 1: a section with keys is needed"),
        ("redis:\n  interval: [1s, 2s]\n", "f.yaml line 2: redis.interval: needs one value"),
        ("redis:\n  interval: soon\n", "f.yaml line 2: redis.interval: \"soon\" is not allowed"),
        (
            "redis:\n  password: x\n",
            "f.yaml line 2: redis.password: not a key, because files get copied; set REDIS_PASSWORD or SIDELONG_REDIS_PASSWORD or use a file"
        ),
        ("redis.addr: a\n", "f.yaml line 1: redis.addr: not a key; write \"addr:\" in a section \"redis:\""),
        ("check-keys: a\n", "f.yaml line 1: check-keys: a flag of redis_exporter, and not a key here; --keys.check"),
        (
            "web:\n  telemetry-path: /m\n",
            "f.yaml line 2: web.telemetry-path: a flag of redis_exporter, and not a key here; none: the page is at /metrics"
        ),
        ("config:\n  file: x\n", "f.yaml line 2: config.file: a file cannot name another"),
        ("redis:\n  addr: a\n  addr: b\n", "f.yaml: line 3: \"addr\" stands twice"),
        ("redis:\n\taddr: a\n", "f.yaml: line 2: found character that cannot start any token"),
        ("a: &x 1\nb: *x\n", "f.yaml: line 2: anchors and aliases are not supported"),
        ("--- 1\n--- 2\n", "f.yaml: line 2: a second document"),
    ])
    func aFileWithAnErrorIsRefusedWithItsLine(file: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings(file: file) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func aFileGivesListsAndEmptySections() throws {
        let file = "redis:\n  addr: [a:1, b:2]\nlog:\nweb:\n  listen-address: \":0\"\n"
        let settings = try settings(file: file)
        #expect(settings[Options.redisAddresses].map(\.label) == ["a:1", "b:2"])
        #expect(settings[Options.listenAddresses].map(\.port) == [0])
        #expect(try self.settings(file: "")[Options.redisInterval] == .seconds(5))
    }

    @Test func aSecretIsNeverInAnError() throws {
        let kind = ValueKind<Int>.integer(1...2)
        let option = Option("redis.pin", kind, default: nil, isSecret: true, help: "x")
        let error = #expect(throws: ConfigurationError.self) { try option.read(["hunter2"], from: "REDIS_PIN") }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func aPasswordInAnAddressIsNeverInAnError() throws {
        for text in ["user:hunter2@host:notaport", "user:pass@hunter2:notaport", "user:pass@word/hunter2@"] {
            let error = #expect(throws: ConfigurationError.self) { try settings(["--redis.addr=redis://\(text)"]) }
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test func helpNamesEveryOptionAndVariable() {
        for option in Options.all {
            if !option.isSecret { #expect(Help.text.contains("--\(option.name)=")) }
            for variable in option.environment { #expect(Help.text.contains(variable.name)) }
            #expect(Help.markdown.contains(option.help))
        }
        #expect(Set(Options.all.map(\.name)).count == Options.all.count)
    }

    /// Every option can be set by a variable, whose name follows from that of the option.
    @Test func everyOptionHasAVariable() throws {
        for option in Options.all {
            let own = "SIDELONG_" + option.name.uppercased().replacing(".", with: "_").replacing("-", with: "_")
            #expect(option.environment.contains { $0.name == own }, "\(option.name)")
        }
        let names = Options.all.flatMap(\.environment).map(\.name)
        #expect(Set(names).count == names.count)
        let groups = try settings(environment: ["SIDELONG_KEYS_MAX_GROUPS": "7"])
        #expect(groups[Options.keysMaxGroups] == 7)
        // What it had before goes first.
        let both = ["REDIS_HEALTH_CHECK_INTERVAL": "3", "SIDELONG_REDIS_INTERVAL": "4s"]
        #expect(try settings(environment: both)[Options.redisInterval] == .seconds(3))
        // Several values stand in a line each.
        let patterns = ["SIDELONG_KEYS_GROUP": "cart:*=cart\nuser:{project}:*\n"]
        #expect(try settings(environment: patterns)[Options.keysGroup].count == 2)
        let secret = ["SIDELONG_REDIS_PASSWORD": "p"]
        #expect(try settings(environment: secret)[Options.redisPassword] == "p")
        #expect(Settings.reads("SIDELONG_REDIS_PASSWORD"))
        // What a later redis_exporter reads may be a secret, too.
        #expect(Settings.reads("REDIS_EXPORTER_OF_TOMORROW") && !Settings.reads("PATH"))
    }

    @Test func flagsOfAWord() throws {
        let top = try Arguments(["top", "--once", "--interval", "2s", "--format=json", "http://x/"])
        #expect(top.has(.once) && top.value(of: .interval) == "2s" && top.value(of: .topFormat) == "json")
        #expect(top.operands == ["http://x/"] && top.value(of: .replayFormat) == nil)
        let advise = try Arguments(["advise", "--prometheus=http://p", "--select=instance=\"a\""])
        #expect(advise.value(of: .select) == "instance=\"a\"")
        for (arguments, message) in [
            (["top", "--interval=1"], "--interval: \"1\" is not allowed; allowed: a duration from 500ms"),
            (["top", "--once", "--once"], "--once: given twice"),
            (["top", "--once=yes"], "--once: \"yes\" is not allowed"),
            (["top", "--format=xml"], "--format: \"xml\" is not allowed; allowed: table, json"),
            (["serve", "--once"], "--once: a flag of top only"),
            (["check", "--format=json"], "--format: a flag of replay, top, advise only"),
            (["top", "a", "b"], "\"b\": top takes no such argument"),
            (["advise", "--window"], "--window: needs a value"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try Arguments(arguments) }
            #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func wordsAndOperands() throws {
        #expect(try Arguments([]).word == .serve)
        #expect(try Arguments(["health", "http://x/"]).operands == ["http://x/"])
        #expect(try Arguments(["check", "--config.file", "p"]).configurationFile == "p")
        for version in ["version", "--version", "-version", "-v"] {
            #expect(try Arguments([version]).word == .version)
        }
        for help in ["help", "--help", "-help", "-h"] { #expect(try Arguments([help]).word == .help) }
        #expect(try Arguments(["serve", "--help"]).word == .help)
        #expect(try Arguments(["--nonsense", "--help"]).word == .help)
    }
}
