// The environment of a redis_exporter. Its variables work where they can. One that cannot is named in the log, and the
// program starts all the same: a variable may have been meant for another container of the pod.

/// What the variables of redis_exporter come to.
struct PeerVariables: Sendable {
    /// A text for an option, and the variable that it comes from.
    struct Text: Sendable, Equatable {
        let text: String
        let variable: String
    }

    /// By option name.
    private(set) var texts: [String: [Text]] = [:]
    /// One line for each variable that has no effect.
    private(set) var remarks: [String] = []

    init(_ environment: [String: String]) {
        for (variable, value) in environment.sorted(by: { $0.key < $1.key })
        where Self.isOne(variable) && !value.isEmpty {
            guard let flag = Self.flags[variable] else {
                if !Self.own.contains(variable) { remarks.append("\(variable): unknown, and without effect") }
                continue
            }
            switch flag.read(value) {
            case .set(let settings):
                for setting in settings {
                    texts[setting.option, default: []].append(Text(text: setting.text, variable: variable))
                }
            case .refused(let instead): remarks.append("\(variable): without effect; \(instead)")
            }
        }
    }

    /// Whether a variable is meant for a redis_exporter, by its prefix; known here or not, it may be a password.
    static func isOne(_ variable: String) -> Bool { variable.hasPrefix(PeerFlag.prefix) }

    private static let flags = Dictionary(
        PeerFlag.all.compactMap { flag in flag.variable.map { ($0, flag) } }
    ) { first, _ in first }
    /// Those that options of ours read themselves.
    private static let own = Set(Options.all.flatMap(\.environment).map(\.name))
}
