// The sections that say which clients may ask and how often: basic_auth_users, api_keys, allow, rate_limit; and the
// header fields of http_server_config.

import HTTP

enum WebAccess {
    /// The header fields that Prometheus' format permits, and the values of those that have only a few.
    private static let permittedFields: [(name: String, values: [String])] = [
        ("Content-Security-Policy", []), ("X-Frame-Options", ["deny", "sameorigin"]),
        ("X-Content-Type-Options", ["nosniff"]), ("X-XSS-Protection", []), ("Strict-Transport-Security", []),
    ]

    /// The fields of `http_server_config.headers`. `http2` is read, and means nothing: this server speaks HTTP/1.1.
    static func fields(in root: WebSection) throws(ConfigurationError) -> [(name: String, value: String)] {
        guard let server = try root.section("http_server_config", allowed: ["http2", "headers"]) else { return [] }
        _ = try server.value("http2")?.flag()
        let names = permittedFields.map(\.name)
        guard let headers = try server.section("headers", allowed: names) else { return [] }
        var fields: [(name: String, value: String)] = []
        for (name, values) in permittedFields {
            guard let value = try headers.value(name) else { continue }
            guard values.isEmpty || values.contains(value.text) else {
                throw value.refused(allowed: values.joined(separator: " or "))
            }
            guard value.text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw value.problem("has characters that a header field has not; allowed: printable ASCII")
            }
            if !value.text.isEmpty { fields.append((name: name, value: value.text)) }
        }
        return fields
    }

    static func users(in root: WebSection) throws(ConfigurationError) -> [String: PasswordHash] {
        guard let section = try root.section("basic_auth_users", allowed: nil) else { return [:] }
        var users: [String: PasswordHash] = [:]
        for entry in section.entries {
            let value = try section.needed(entry.key, allowed: "a bcrypt hash")
            guard !entry.key.isEmpty, !entry.key.contains(":") else {
                throw value.problem("no user has this name; allowed: a name without a colon")
            }
            guard let hash = PasswordHash(value.text) else {
                let costs = "from \(PasswordHash.costs.lowerBound) to \(PasswordHash.costs.upperBound)"
                throw value.problem(
                    "the value is not a bcrypt hash; allowed: $2a$, $2b$ or $2y$ with a cost \(costs), as `htpasswd -B` "
                        + "makes it")
            }
            users[entry.key] = hash
        }
        return users
    }

    static func keys(in root: WebSection) throws(ConfigurationError) -> [APIKey] {
        var keys: [APIKey] = []
        var digests: Set<[UInt8]> = []
        for section in try root.sections("api_keys", allowed: ["name", "sha256", "requests_per_second"]) {
            let name = try section.needed("name", allowed: "a name for the page")
            guard !name.text.isEmpty, name.text.utf8.count <= 64, !keys.contains(where: { $0.name == name.text }) else {
                throw name.refused(allowed: "up to 64 bytes, each name once")
            }
            let hash = try section.needed("sha256", allowed: "64 hexadecimal digits")
            guard let digest = bytes(hexadecimal: hash.text), digests.insert(digest).inserted,
                let key = APIKey(name: name.text, digest: digest, limit: try limit(in: section))
            else {
                throw hash.problem("not the digest of a token; allowed: 64 hexadecimal digits, each token once")
            }
            keys.append(key)
        }
        return keys
    }

    static func allowed(in root: WebSection) throws(ConfigurationError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for value in try root.values("allow") {
            guard let range = AddressRange(value.text) else {
                throw value.refused(allowed: "an address or a range, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")
            }
            ranges.append(range)
        }
        return ranges
    }

    /// `rate_limit`: a token each `interval`, at most `burst` of them; nil where it is off.
    static func rate(in root: WebSection) throws(ConfigurationError) -> RateLimit? {
        guard let section = try root.section("rate_limit", allowed: ["interval", "burst"]),
            let interval = try section.value("interval")
        else { return nil }
        let allowed = "a duration from 1us to 24h, such as 10ms or 1m30s, or 0 for no limit"
        guard let pause = Duration(compound: interval.text),
            pause == .zero || (.microseconds(1) ... .seconds(86400)) ~= pause
        else { throw interval.refused(allowed: allowed) }
        if pause == .zero { return nil }
        let burst = try section.needed("burst", allowed: "a whole number from 1 to 1000000")
        guard let count = Int(burst.text), (1...1_000_000).contains(count) else {
            throw burst.refused(allowed: "a whole number from 1 to 1000000")
        }
        return RateLimit(perSecond: .seconds(1) / pause, burst: Double(count))
    }

    private static func limit(in section: WebSection) throws(ConfigurationError) -> RateLimit? {
        guard let value = try section.value("requests_per_second") else { return nil }
        guard let rate = Double(value.text), (0.001...1_000_000).contains(rate) else {
            throw value.refused(allowed: "a number from 0.001 to 1000000")
        }
        return RateLimit(perSecond: rate)
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == 64, text.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension Duration {
    /// Reads a duration as Go writes it: `1.5s`, `100ms`, `1m30s`, `0`.
    init?(compound text: String) {
        if text == "0" {
            self = .zero
            return
        }
        guard !text.isEmpty else { return nil }
        var sum = Duration.zero
        var rest = text[...]
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(number.count).prefix { $0.isLetter }
            guard let amount = Double(number), amount <= 1e9, let length = Self.units[String(unit)] else { return nil }
            sum += .seconds(amount * length)
            rest = rest.dropFirst(number.count + unit.count)
        }
        self = sum
    }

    private static let units = ["us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600]
}
