// An option is declared once. Its flag, its environment variables, its key in the configuration file, its default, what
// it allows and its help all come from that declaration. So do --help and docs/configuration.md.

import Metrics

/// One setting of the program, declared in `Options`.
struct Option<Value: Sendable>: AnyOption {
    let name: String
    let environment: [Variable]
    let fallback: String?
    let isSecret: Bool
    let effect: Effect
    let help: String
    private let kind: ValueKind<Value>
    private let variableKind: ValueKind<Value>

    /// - Parameters:
    ///   - name: `section.key`; the flag is `--section.key`, the file has `key` under `section`.
    ///   - kind: how its text is read and what is allowed.
    ///   - variableKind: how a variable's text is read where that differs, because it was made for another program.
    ///   - environment: variables that set it beside its own, which comes last; the first one that is set wins.
    ///   - fallback: the default as a user would write it; nil when there is none.
    ///   - isSecret: only the environment may set it, and it is never shown.
    ///   - effect: when a change takes effect.
    ///   - help: one sentence for people, without its default.
    init(
        _ name: String, _ kind: ValueKind<Value>, inVariables variableKind: ValueKind<Value>? = nil,
        environment: [Variable] = [], default fallback: String?, isSecret: Bool = false,
        effect: Effect = .withReload, help: String
    ) {
        self.name = name
        self.kind = kind
        self.variableKind = variableKind ?? kind
        let own = Variable(ownVariableOf: name)
        self.environment = environment.contains { $0.name == own.name } ? environment : environment + [own]
        self.fallback = fallback
        self.isSecret = isSecret
        self.effect = effect
        self.help = help
    }

    var isRepeatable: Bool { kind.isRepeatable }
    var allowed: String { kind.allowed }

    func read(
        _ texts: [String], from origin: String, isVariable: Bool
    ) throws(ConfigurationError) -> any Sendable {
        do {
            return try isVariable ? variableKind.read(texts) : kind.read(texts)
        } catch {
            let text = Shown.value(error.text)
            let shown = isSecret ? "the given value" : "\"\(text)\""
            // Some reasons quote what they are about.
            let reason = error.reason.map { text == error.text || !$0.mentions(error.text) ? "\($0); " : "" } ?? ""
            throw ConfigurationError("\(origin): \(shown) is not allowed; \(reason)allowed: \(allowed)")
        }
    }
}

/// When a change of an option takes effect.
enum Effect: Sendable {
    /// With SIGHUP.
    case withReload
    /// With the next start: what it sets up is open, or has given up the privilege to be opened again.
    case withStart
    /// With SIGHUP for what is polled, with the next start for what is captured.
    case captureWithStart

    /// The same for people; empty where nothing has to be said.
    var note: String {
        switch self {
        case .withReload: ""
        case .withStart: " Takes effect with the next start."
        case .captureWithStart: " What is captured follows with the next start."
        }
    }
}

/// What all options have in common, whatever the type of their value.
protocol AnyOption: Sendable {
    var name: String { get }
    var environment: [Variable] { get }
    /// The default as a user would write it; nil when there is none.
    var fallback: String? { get }
    /// Whether several values may be given.
    var isRepeatable: Bool { get }
    /// Whether only the environment may set it; it has no flag then, and is never shown.
    var isSecret: Bool { get }
    /// What values are allowed, for people: "a duration from 100ms to 1h".
    var allowed: String { get }
    /// When a change takes effect.
    var effect: Effect { get }
    /// One sentence for people, without its default.
    var help: String { get }

    /// Reads its value from texts.
    ///
    /// - Parameters:
    ///   - origin: where they stand, such as `--redis.interval`, for the error.
    ///   - isVariable: whether that is an environment variable.
    func read(_ texts: [String], from origin: String, isVariable: Bool) throws(ConfigurationError) -> any Sendable
}

extension AnyOption {
    /// How a secret is given.
    var wayOfASecret: String { "set \(environment.map(\.name).joined(separator: " or ")) or use a file" }

    /// Reads its value from texts that do not stand in an environment variable.
    func read(_ texts: [String], from origin: String) throws(ConfigurationError) -> any Sendable {
        try read(texts, from: origin, isVariable: false)
    }
}

/// An environment variable that sets an option.
struct Variable: Sendable {
    let name: String
    /// Appended to a bare number, for variables that people set without a unit: `s` or `ms`.
    let unit: String

    init(_ name: String, unit: String = "") {
        self.name = name
        self.unit = unit
    }

    /// The one that every option has: `SIDELONG_KEYS_MAX_GROUPS` for `keys.max-groups`.
    init(ownVariableOf option: String) {
        let letters = option.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "-"): UInt8(ascii: "_")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            default: byte
            }
        }
        self.init("SIDELONG_" + String(decoding: letters, as: UTF8.self))
    }

    /// The text as the option reads it.
    func text(of value: String) -> String {
        !unit.isEmpty && Double(value) != nil ? value + unit : value
    }
}
