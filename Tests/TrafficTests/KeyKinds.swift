// Kinds of keys that applications are known to use, each with a source of random ones and the groups that they may get.

import TestKit
import Testing

@testable import Traffic

/// A kind of key.
struct KeyKind: Sendable, CustomTestStringConvertible {
    let name: String
    /// Every group that its keys may get.
    let groups: Set<String>
    let make: @Sendable (inout Dice) -> String

    var testDescription: String { name }

    init(_ name: String, _ groups: String..., make: @escaping @Sendable (inout Dice) -> String) {
        self.name = name
        self.groups = Set(groups)
        self.make = make
    }
}

extension Dice {
    static let digits = Array("0123456789".utf8)
    static let lowers = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    static let uppers = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    static let hex = Array("0123456789abcdef".utf8)
    static let base36 = digits + lowers
    static let base62 = digits + lowers + uppers
    static let base64url = base62 + Array("-_".utf8)
    static let base64 = base62 + Array("+/".utf8)
    static let base32 = uppers + Array("234567".utf8)
    static let base32hex = digits + Array("abcdefghijklmnopqrstuv".utf8)
    static let crockford = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    static let base58 = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    static let letters = lowers + uppers
    static let lowersAndSomeDigits = lowers + Array("012345".utf8)
    static let spoken = Array("aeioubcdst".utf8)

    /// So many characters of an alphabet.
    mutating func text(_ count: Int, of alphabet: [UInt8]) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes.append(alphabet[Int(next() >> 33) % alphabet.count]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func one(_ choices: [String]) -> String { choices[number(0...choices.count - 1)] }

    mutating func padded(_ range: ClosedRange<Int>, _ width: Int) -> String {
        let digits = String(number(range))
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    mutating func uuid() -> String {
        [8, 4, 4, 4, 12].map { text($0, of: Self.hex) }.joined(separator: "-")
    }

    mutating func date(_ separator: String = "-") -> String {
        [padded(1970...2039, 4), padded(1...12, 2), padded(1...28, 2)].joined(separator: separator)
    }

    mutating func clock(_ separator: String = ":") -> String {
        [padded(0...23, 2), padded(0...59, 2), padded(0...59, 2)].joined(separator: separator)
    }

    mutating func name() -> String {
        one(["anna", "olga", "peter", "maria", "jo", "li", "siobhan", "xavier", "wolfgang", "ngozi"])
            + text(number(0...3), of: Self.lowers)
    }

    mutating func fourNumbers() -> String { (0..<4).map { _ in String(number(0...255)) }.joined(separator: ".") }

    mutating func ipv6() -> String {
        let groups = (0..<8).map { _ in String(number(0...65_535), radix: 16) }
        let start = number(1...5)
        let end = number(start + 1...7)
        let short = groups[..<start].joined(separator: ":") + "::" + groups[end...].joined(separator: ":")
        return number(0...1) == 0 ? groups.joined(separator: ":") : "2001:db8:" + short.dropFirst(groups[0].count + 1)
    }

    mutating func pairs(_ separator: String) -> String {
        (0..<6).map { _ in text(2, of: Self.hex) }.joined(separator: separator)
    }
}

extension KeyKind {
    static let all = numbers + addresses + moments + identifiers + secrets + people + texts

    private static let numbers: [KeyKind] = [
        .init("counter", "key:*") { "key:" + $0.padded(0...99_999_999, 12) },
        .init("profile", "user:*:profile") { "user:\($0.number(1...9_999_999)):profile" },
        .init("word and number", "user*") { "user\($0.number(100...999_999))" },
        .init("letter and number", "u*") { "u\($0.number(100...999_999))" },
        .init("snowflake", "msg:*") { "msg:" + $0.text(18, of: Dice.digits) },
        .init("signed", "temp:*") { "temp:\($0.number(-999...999))" },
        .init("phone", "otp:*") { "otp:+49" + $0.text(10, of: Dice.digits) },
        .init("phone with dashes", "otp:*") {
            "otp:\($0.number(100...999))-\($0.number(10...99))-\($0.number(1000...9999))"
        },
        .init("one-time code", "otp:*") { "otp:" + $0.text(6, of: Dice.digits) },
        .init("card", "card:*") { dice in
            "card:" + (0..<4).map { _ in dice.text(4, of: Dice.digits) }.joined(separator: "-")
        },
        .init("IMEI", "imei:*") { "imei:" + $0.text(15, of: Dice.digits) },
        .init("account number", "iban:*") {
            "iban:" + $0.one(["DE", "FR", "NL", "ES", "AT"]) + $0.text($0.number(18...22), of: Dice.digits)
        },
        .init("account number with a bank's letters", "iban:*") {
            "iban:GB" + $0.text(2, of: Dice.digits) + $0.text(4, of: Dice.uppers) + $0.text(14, of: Dice.digits)
        },
        .init("number plate", "plate:*") {
            "plate:" + $0.text($0.number(1...3), of: Dice.uppers) + "-" + $0.text(2, of: Dice.uppers)
                + "-\($0.number(1...9999))"
        },
        .init("number plate in one", "plate:*") {
            "plate:" + $0.text(3, of: Dice.uppers) + $0.text(4, of: Dice.digits)
        },
        .init("coordinates", "geo:*,*") {
            "geo:\($0.number(-90...90)).\($0.text(4, of: Dice.digits)),\($0.number(-180...180)).\($0.text(4, of: Dice.digits))"
        },
        .init("list of numbers", "ids:*", "ids:*,*") { dice in
            "ids:" + (0..<dice.number(1...20)).map { _ in String(dice.number(1...999)) }.joined(separator: ",")
        },
        .init("partition", "events_*") { "events_\($0.padded(2000...2030, 4))_\($0.padded(1...12, 2))" },
        .init("hash tag", "{user:*}:cart") { "{user:\($0.number(1...99_999))}:cart" },
        .init("version in the middle", "app-*-beta.*") {
            "app-\($0.number(0...99)).\($0.number(0...99)).\($0.number(0...9))-beta.\($0.number(0...9))"
        },
    ]

    private static let addresses: [KeyKind] = [
        .init("IPv4", "rl:*") { "rl:" + $0.fourNumbers() },
        .init("IPv4 and port", "rl:*:*") { "rl:\($0.fourNumbers()):\($0.number(1...65_535))" },
        .init("IPv4 and prefix length", "net:*") { "net:\($0.fourNumbers())/\($0.number(0...32))" },
        .init("IPv4 with dashes", "ip-*") { "ip-" + $0.fourNumbers().replacing(".", with: "-") },
        .init("IPv6", "rl:*") { "rl:" + $0.ipv6() },
        .init("IPv6, then a word", "rl:*:login") { "rl:" + $0.ipv6() + ":login" },
        .init("IPv6 with zone", "rl:*") { "rl:fe80::" + $0.text(4, of: Dice.hex) + "%eth0" },
        .init("IPv6 in brackets", "rl:*:*") { "rl:[" + $0.ipv6() + "]:\($0.number(1...65_535))" },
        .init("IPv4 within IPv6", "rl:*") { "rl:::ffff:" + $0.fourNumbers() },
        .init("IPv6 and prefix length", "net:*") { "net:" + $0.ipv6() + "/64" },
        .init("IPv6 behind a dash", "limit-*") { "limit-" + $0.ipv6() },
        .init("hardware address", "dev:*") { "dev:" + $0.pairs(":") },
        .init("hardware address with dashes", "dev:*") { "dev:" + $0.pairs("-") },
        .init("hardware address with dots", "dev:*") { dice in
            "dev:" + (0..<3).map { _ in dice.text(4, of: Dice.hex) }.joined(separator: ".")
        },
        .init("URL", "cache:*") {
            "cache:https://\($0.name()).example/\($0.name())?q=\($0.name())#\($0.number(1...9))"
        },
        .init("URL in a hash tag", "{*}:page") { "{http://\($0.name()).example/a:b}:page" },
        .init("socket", "ws:*:*") { "ws:\($0.fourNumbers()):\($0.text(5, of: Dice.digits))" },
    ]

    private static let moments: [KeyKind] = [
        .init("date", "order-*") { "order-" + $0.date() },
        .init("date in one", "stats:*") { "stats:" + $0.date("") },
        .init("date and hour", "stats:*") { "stats:\($0.date())T\($0.padded(0...23, 2))" },
        .init("moment", "stats:*:sum") {
            "stats:\($0.date())T\($0.clock())\($0.one(["Z", "+02:00", ".123Z", ""])):sum"
        },
        .init("moment in one", "stats:*") { "stats:\($0.date(""))T\($0.clock(""))Z" },
        .init("moment with a space", "stats:*") { "stats:\($0.date()) \($0.clock())" },
        .init("time", "slot:*") { "slot:" + $0.clock() },
        .init("week", "stats:*") { "stats:\($0.padded(2000...2030, 4))-W\($0.padded(1...52, 2))" },
        .init("duration", "ttl:*") { "ttl:P\($0.number(1...9))DT\($0.number(1...23))H\($0.number(1...59))M" },
        .init("milliseconds", "at:*") { "at:17" + $0.text(11, of: Dice.digits) },
    ]

    private static let identifiers: [KeyKind] = [
        .init("UUID", "sess:*") { "sess:" + $0.uuid() },
        .init("UUID in capitals", "urn:uuid:*") { "urn:uuid:" + $0.uuid().uppercased() },
        .init("UUID without dashes", "sess:*") { "sess:" + $0.text(32, of: Dice.hex) },
        .init("UUID in braces", "{*}:x") { "{" + $0.uuid() + "}:x" },
        .init("UUID behind words", "celery-task-meta-*") { "celery-task-meta-" + $0.uuid() },
        .init("ULID", "order:*") { "order:01" + $0.text(24, of: Dice.crockford) },
        .init("object id", "doc:*") { "doc:" + $0.text(24, of: Dice.hex) },
        .init("short hash", "build:*") { "build:" + $0.text(7, of: Dice.hex) },
        .init("hash", "file_*") { "file_" + $0.text(40, of: Dice.hex) },
        .init("hash with algorithm", "sha*:*") { "sha256:" + $0.text(64, of: Dice.hex) },
        .init("0x", "eth:*") { "eth:0x" + $0.text(40, of: Dice.hex) },
        .init("file with hash", "app.*.js") { "app." + $0.text(8, of: Dice.hex) + ".js" },
        .init("nanoid", "n:*") { "n:" + $0.text(21, of: Dice.base64url) },
        .init("cuid", "c:*") { "c:cl" + $0.text(23, of: Dice.base36) },
        .init("cuid2", "c:*") { "c:" + $0.text(1, of: Dice.lowers) + $0.text(23, of: Dice.base36) },
        .init("KSUID", "k:*") { "k:" + $0.text(27, of: Dice.base62) },
        .init("xid", "x:*") { "x:" + $0.text(20, of: Dice.base32hex) },
        .init("Firebase user", "fb:*") { "fb:" + $0.text(28, of: Dice.base62) },
        .init("base58", "btc:*") { "btc:" + $0.text(34, of: Dice.base58) },
        .init("base32", "totp:*") { "totp:" + $0.text(32, of: Dice.base32) },
        .init("base32 of 16", "totp:*") { "totp:" + $0.text(16, of: Dice.base32) },
        .init("video", "video:*") { "video:" + $0.text(11, of: Dice.base64url) },
        .init("licence", "lic:*") { dice in
            "lic:" + (0..<4).map { _ in dice.text(5, of: Dice.crockford) }.joined(separator: "-")
        },
    ]

    private static let secrets: [KeyKind] = [
        .init("session of PHP", "PHPREDIS_SESSION:*") { "PHPREDIS_SESSION:" + $0.text(26, of: Dice.base32hex) },
        .init("session of Express", "sess:*") { "sess:" + $0.text(32, of: Dice.base64url) },
        .init("signed session of Express", "sess:s:*") {
            "sess:s:\($0.text(32, of: Dice.base64url)).\($0.text(43, of: Dice.base64))"
        },
        .init("session of Django", ":1:django.contrib.sessions.*") {
            ":1:django.contrib.sessions.cache" + $0.text(32, of: Dice.base36)
        },
        .init("session of Django behind a colon", "session:*") { "session:" + $0.text(32, of: Dice.base36) },
        .init("session of Rails", "session:*::*") { "session:2::" + $0.text(64, of: Dice.hex) },
        .init("session of Laravel", "laravel_database_*") { "laravel_database_" + $0.text(40, of: Dice.base62) },
        .init("session of Laravel, letters only", "laravel_database_*") {
            "laravel_database_" + $0.text(40, of: Dice.letters)
        },
        .init("session of ASP.NET", "{/*}_Data") { "{/w_" + $0.text(24, of: Dice.lowersAndSomeDigits) + "}_Data" },
        .init("session without a prefix", "*") { $0.text(32, of: Dice.base64url) },
        .init("Stripe", "key:*") { "key:sk_live_" + $0.text(24, of: Dice.base62) },
        .init("GitHub", "tok:*") { "tok:ghp_" + $0.text(36, of: Dice.base62) },
        .init("Slack", "tok:*") {
            "tok:xoxb-\($0.text(12, of: Dice.digits))-\($0.text(12, of: Dice.digits))-\($0.text(24, of: Dice.base62))"
        },
        .init("AWS", "tok:*") { "tok:AKIA" + $0.text(16, of: Dice.base32) },
        .init("SendGrid", "tok:*") { "tok:SG.\($0.text(22, of: Dice.base64url)).\($0.text(43, of: Dice.base64url))" },
        .init("JWT", "jwt:*") {
            "jwt:eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\($0.text(80, of: Dice.base64url)).\($0.text(43, of: Dice.base64url))"
        },
        .init("PASETO", "tok:v4.public.*", "tok:*") { "tok:v4.public." + $0.text(90, of: Dice.base64url) },
        .init("bearer", "auth:*") { "auth:Bearer " + $0.text(30, of: Dice.base64url) },
        .init("short code", "oauth:code:*") { "oauth:code:" + $0.text(12, of: Dice.base62) },
        .init("base64", "sig:*", "*") { "sig:" + $0.text(22, of: Dice.base64) + "==" },
        .init("base64 without padding", "sig:*", "sig:/*/*", "*") { "sig:" + $0.text(32, of: Dice.base64) },
        .init("own prefix", "apikey:*") { "apikey:ak_live_" + $0.text(24, of: Dice.base62) },
    ]

    private static let people: [KeyKind] = [
        .init("e-mail", "login:*") { "login:\($0.name()).\($0.name())@example.com" },
        .init("e-mail with a tag", "login:*") { "login:\($0.name())+\($0.name())@example.com" },
        .init("e-mail alone", "*") { "\($0.name())@\($0.name()).example" },
        .init("name with a space", "search:*") { "search:\($0.name()) \($0.name())" },
        .init("name with an apostrophe", "search:*") { "search:o'" + $0.name() },
        .init("name of one, then more", "search:*:hits") { "search:\($0.name())\u{a0}\($0.name()):hits" },
    ]

    private static let texts: [KeyKind] = [
        .init("percent-encoded", "q:*") { "q:\($0.name())%20\($0.name())" },
        .init("query", "q:*") { "q:\($0.name())=\($0.number(1...99))&x=\($0.name())" },
        .init("invisible", "q:*") { "q:\($0.name())\u{200b}\($0.name())" },
        .init("right to left", "q:*") { "q:\u{202e}\($0.name())" },
        .init("digits of another script", "q:*") { "q:\($0.name())\u{0663}\u{0664}" },
        .init("control characters", "q:*") { "q:\($0.name())\u{1}\($0.name())" },
        .init("long word", "w:*") { "w:" + $0.text($0.number(41...90), of: Dice.spoken) },
        .init("JSON", "call:*") { "call:{\"id\":\($0.number(1...99)),\"name\":\"\($0.name())\"}" },
        .init("object storage", "uploads/*/*/*/*.jpg") {
            "uploads/\($0.date("/"))/IMG_\($0.text(4, of: Dice.digits)).jpg"
        },
        .init("path", "/api/v1/organizations/*/users") { "/api/v1/organizations/\($0.number(1...9999))/users" },
        .init("Celery's priorities", "celery*") { "celery\u{6}\u{16}\($0.number(0...9))" },
        .init("job", "bull:emails:*:lock") { "bull:emails:\($0.number(1...99_999)):lock" },
    ]
}
