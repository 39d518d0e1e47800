import Testing

@testable import Exporter

@Suite struct ProcessSecretTests {
    @Test(arguments: [
        ("--redis.addr=redis://user:planted@host:6379", "--redis.addr=redis://user:*******@host:6379"),
        ("rediss://:p@ss@host", "rediss://:****@host"),
        ("redis://a:one@h,redis://b:two@h", "redis://a:*******************@h"),
        ("postgres://u:pw@h/db?sslmode=disable", "postgres://u:**@h/db?sslmode=disable"),
        ("postgres://u@h/db?password=pw", "postgres://u@h/db?password=**"),
        ("host=h user=u password=pw dbname=d", "host=h user=u password=***********"),
        ("dbname=password user=password password=pw", "dbname=password user=password password=**"),
        ("postgres://u@password-db/password?password=pw", "postgres://u@password-db/password?password=**"),
        ("require_auth=password password=pw", "require_auth=password password=**"),
        ("host=h password = 'p w'", "host=h password =******"),
        ("--redis.password-file=/run/secret", "--redis.password-file=/run/secret"),
        ("--redis.addr=redis://host:6379", "--redis.addr=redis://host:6379"),
        ("--log.level=debug", "--log.level=debug"),
        ("", ""),
    ])
    func passwordsAreScrubbed(argument: String, expected: String) {
        var text = Array(argument.utf8)
        for position in ProcessSecrets.secretRanges(in: text).joined() { text[position] = UInt8(ascii: "*") }
        #expect(String(decoding: text, as: UTF8.self) == expected)
    }
}
