// The flags and variables of redis_exporter, so that its command line can be taken over as it is: what has a
// counterpart works, and what has none says so. Nothing is passed over in silence.

/// One flag of redis_exporter, and what it means here.
struct PeerFlag: Sendable {
    /// What follows from a value.
    enum Verdict: Sendable, Equatable {
        /// Options of ours with their texts; none where all is as the value wants it.
        case set([Setting])
        /// It cannot be had: what to do instead, or that there is nothing.
        case refused(String)
    }

    struct Setting: Sendable, Equatable {
        let option: String
        let text: String
    }

    /// Without dashes.
    let name: String
    /// Nil where it has none, or where it is one of our own.
    let variable: String?
    /// Whether it may stand without a value, which then is `true`.
    let isSwitch: Bool
    /// What it is here, for docs/migrating.md.
    let here: String
    let read: @Sendable (String) -> Verdict

    /// A text or a number.
    init(
        _ name: String, variable: String? = nil, here: String, isSwitch: Bool = false,
        read: @escaping @Sendable (String) -> Verdict
    ) {
        self.name = name
        self.variable =
            variable ?? Self.prefix + name.uppercased().map { "-.".contains($0) ? "_" : String($0) }.joined()
        self.isSwitch = isSwitch
        self.here = here
        self.read = read
    }

    static let prefix = "REDIS_EXPORTER_"

    /// One whose value is that of an option of ours.
    static func same(_ name: String, as options: String...) -> PeerFlag {
        PeerFlag(name, here: options.map { "`--\($0)`" }.joined(separator: " and ")) { text in
            .set(options.map { Setting(option: $0, text: text) })
        }
    }

    /// One whose value is that of an option of ours, where it has one.
    static func patterns(_ name: String, as option: String) -> PeerFlag {
        PeerFlag(name, here: "`--\(option)`") { text in
            .set(text.isEmpty ? [] : [Setting(option: option, text: text)])
        }
    }

    /// One that is of no use here, whatever its value.
    static func unneeded(_ name: String, _ here: String) -> PeerFlag {
        PeerFlag(name, here: here) { _ in .set([]) }
    }

    /// One for which there is something else, whatever its value; or nothing, but for the values that change nothing.
    static func none(_ name: String, _ instead: String, but harmless: String...) -> PeerFlag {
        PeerFlag(name, here: instead) { harmless.contains($0) ? .set([]) : .refused(Self.plain(instead)) }
    }

    /// A switch; a verdict for each of its positions.
    static func toggle(
        _ name: String, variable: String? = nil, here: String, on: Verdict, off: Verdict = .set([])
    ) -> PeerFlag {
        PeerFlag(name, variable: variable, here: here, isSwitch: true) { text in
            // As Go reads it.
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": on
            case "0", "f", "F", "false", "FALSE", "False": off
            default: .refused("\"\(Shown.value(text))\" is not allowed; allowed: true or false")
            }
        }
    }

    /// A switch for what there is not.
    static func never(_ name: String, variable: String? = nil, _ instead: String) -> PeerFlag {
        toggle(name, variable: variable, here: instead, on: .refused(plain(instead)))
    }

    /// A sentence of the documentation as it stands in a message.
    private static func plain(_ text: String) -> String { String(text.filter { $0 != "`" }) }

    /// What to do about it in a file, in which it is no key.
    var hint: String { "a flag of redis_exporter, and not a key here; \(Self.plain(here))" }

    /// A switch for what is always so.
    static func always(_ name: String, variable: String? = nil, _ here: String) -> PeerFlag {
        toggle(name, variable: variable, here: here, on: .set([]))
    }
}
