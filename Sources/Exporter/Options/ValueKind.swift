// The kinds of values that options take: how their text is read, and how the allowed range is said to people.

import HTTP
import Postgres

/// A text that is not allowed.
struct Refusal: Error {
    /// The text as it may be shown.
    let text: String
    /// What is wrong with it, where the kind of value knows more than what is allowed.
    var reason: String?
}

/// How the text of an option becomes its value.
struct ValueKind<Value: Sendable>: Sendable {
    /// What is allowed, for people. Made when somebody asks, which is with `--help` and for a refusal.
    var allowed: String { describe() }
    let isRepeatable: Bool
    /// Reads the texts in the order given; no text at all means that the option has no default and was not set.
    let read: @Sendable ([String]) throws(Refusal) -> Value
    private let describe: @Sendable () -> String

    init(
        allowed: @escaping @Sendable @autoclosure () -> String, isRepeatable: Bool,
        read: @escaping @Sendable ([String]) throws(Refusal) -> Value
    ) {
        describe = allowed
        self.isRepeatable = isRepeatable
        self.read = read
    }

    /// One value, or nil when none was given.
    static func optional<Wrapped: Sendable>(_ kind: ValueKind<Wrapped>) -> ValueKind where Value == Wrapped? {
        ValueKind(allowed: kind.allowed, isRepeatable: false) { texts throws(Refusal) in
            if texts.isEmpty { return nil }
            return try kind.read(texts)
        }
    }

    /// Any number of values, each of the same kind, also as one comma list.
    ///
    /// - Parameter allowsNone: whether an empty text stands for an empty list.
    static func list<Element: Sendable>(
        _ kind: ValueKind<Element>, commas: Bool = true, allowsNone: Bool = false
    ) -> ValueKind
    where Value == [Element] {
        ValueKind(allowed: kind.allowed + ", repeatable", isRepeatable: true) { texts throws(Refusal) in
            var values: [Element] = []
            for text in texts {
                let items = commas ? text.split(separator: ",").map { String($0.trimmed) } : [text]
                for item in items { values.append(try kind.read([item])) }
            }
            if values.isEmpty && !texts.isEmpty && !allowsNone { throw Refusal(text: texts.joined(separator: ",")) }
            return values
        }
    }

    /// One value read by a function that says what is wrong, or returns nil for "not allowed".
    static func one(
        _ allowed: @escaping @Sendable @autoclosure () -> String,
        _ parse: @escaping @Sendable (String) throws -> Value?
    ) -> ValueKind {
        ValueKind(allowed: allowed(), isRepeatable: false) { texts throws(Refusal) in
            let text = texts.last ?? ""
            do {
                if let value = try parse(text) { return value }
            } catch {
                throw Refusal(text: text, reason: "\(error)")
            }
            throw Refusal(text: text)
        }
    }
}

extension ValueKind where Value == String {
    /// Any text that is not empty.
    static let text = one("a text") { $0.isEmpty ? nil : $0 }

    /// A secret, without the line break at its end that a file or a shell has put there.
    static let password = one("a text") { text in
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The path of a file, read later.
    static let file = one("a file's path") { $0.isEmpty ? nil : $0 }
}

extension ValueKind where Value == Bool {
    static let flag = one("true or false") { ["true": true, "false": false][$0] }
}

extension ValueKind where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> ValueKind {
        one("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueKind where Value == Double {
    /// A number that need not be whole: 0, or one of a range.
    static func numberOrZero(_ range: ClosedRange<Double>) -> ValueKind {
        one("0 or a number from \(range.lowerBound) to \(Int(range.upperBound))") { text in
            Double(text).flatMap { $0 == 0 || range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueKind where Value == Duration {
    /// A duration with its unit: `500ms`, `5s`, `2m`, `1h`.
    static func duration(from shortest: String, to longest: String) -> ValueKind {
        one("a duration from \(shortest) to \(longest), such as 500ms, 5s or 2m") { text in
            guard let value = Duration(text), let low = Duration(shortest), let high = Duration(longest) else {
                return nil
            }
            return low <= value && value <= high ? value : nil
        }
    }
}

/// What is done, or is not.
enum Switch: String, CaseIterable, Sendable {
    case on
    case off
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    static var choice: ValueKind {
        one(Value.allCases.map(\.rawValue).joined(separator: ", ")) { Value(rawValue: $0) }
    }
}

extension ValueKind where Value == Thresholds {
    /// A warning and a critical level; the critical one is the higher, or with `lowIsBad` the lower.
    static func thresholds(unit: String, lowIsBad: Bool = false) -> ValueKind {
        let example = lowIsBad ? "critical below warning, such as 80,70" : "critical above warning, such as 80,90"
        return one("two numbers in \(unit), \(example)") { text in
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.trimmed) }
            guard numbers.count == 2, let warning = numbers[0], let critical = numbers[1], min(warning, critical) >= 0,
                lowIsBad ? critical <= warning : warning <= critical
            else { return nil }
            return Thresholds(warning: warning, critical: critical)
        }
    }
}

/// The levels at which a health component turns degraded and unhealthy.
struct Thresholds: Sendable, Equatable {
    let warning: Double
    let critical: Double
}

extension Duration {
    /// Reads a number with one of the units ms, s, m, h: `500ms`, `1.5s`. Kept to the microsecond.
    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let amount = Double(digits), amount <= 1e9 else { return nil }
        let seconds: Double
        switch text.dropFirst(digits.count) {
        case "ms": seconds = amount / 1000
        case "s": seconds = amount
        case "m": seconds = amount * 60
        case "h": seconds = amount * 3600
        default: return nil
        }
        self = .microseconds(Int64((seconds * 1e6).rounded()))
    }

    /// The same duration in seconds, for the page and the log.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

extension Substring {
    /// The text without spaces at either end.
    var trimmed: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

extension ValueKind where Value == ConnectionString {
    static let connectionString = connectionString(isLenient: false)

    /// Its error never shows the text, which may hold a password anywhere.
    ///
    /// - Parameter isLenient: whether unknown URL parameters are passed over.
    static func connectionString(isLenient: Bool) -> ValueKind {
        ValueKind(
            allowed: "postgres://user@host:5432/database or host=… user=… dbname=…", isRepeatable: false
        ) { texts throws(Refusal) in
            do {
                return try ConnectionString(parsing: texts.last ?? "", isLenient: isLenient)
            } catch {
                throw Refusal(text: Shown.ellipsis, reason: "\(error)")
            }
        }
    }
}

extension ValueKind where Value == String {
    /// A part of what is asked of Postgres.
    static let postgresPart = one(PostgresParts.names.joined(separator: ", ")) { text in
        PostgresParts.names.contains(text) ? text : nil
    }
}

extension ValueKind where Value == [ConnectionString] {
    /// The list of a variable, which was perhaps made for another program.
    static let dataSources = ValueKind(
        allowed: ValueKind<ConnectionString>.connectionString.allowed + ", repeatable", isRepeatable: true
    ) { texts throws(Refusal) in
        var addresses: [ConnectionString] = []
        for text in texts.flatMap([String].init(dataSources:)) {
            addresses.append(try ValueKind<ConnectionString>.connectionString(isLenient: true).read([text]))
        }
        return addresses
    }
}

extension ValueKind where Value == ListenAddress {
    static let listenAddress = one("host:port, :port, [ipv6]:port or unix:///path") { try ListenAddress($0) }
}
