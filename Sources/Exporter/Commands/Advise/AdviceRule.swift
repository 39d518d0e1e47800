// What a rule of `sidelong advise` is: the figures that it looks at, and what it finds in them. Each rule is a file of
// `Rules`, in which its threshold stands with its reason.

/// One finding, as a user reads it.
struct Finding: Sendable, Equatable {
    /// How bad that is.
    enum Gravity: Int, Sendable {
        /// It may become worse.
        case risk = 1
        /// Time or memory is wasted.
        case waste = 2
        /// Clients wait or fail.
        case harm = 3

        var name: String {
            switch self {
            case .risk: "risk"
            case .waste: "waste"
            case .harm: "harm"
            }
        }
    }

    /// The rule that has found it.
    var rule = ""
    let gravity: Gravity
    /// How much of the whole it is about, from 0 to 1.
    let share: Double
    /// What it is about, such as a key group.
    let subject: String
    /// What was seen.
    let figure: String
    /// Why that matters.
    let meaning: String
    let remedy: String

    /// Findings are shown in this order, the greatest first: what is worse, then what is about more.
    var weight: Double { Double(gravity.rawValue) + min(max(share, 0), 1) }
}

/// A rule.
struct AdviceRule: Sendable {
    let name: String
    /// The names of the counters that it needs, and those of histograms without `_bucket`.
    var counters: [String] = []
    var histograms: [String] = []
    var gauges: [String] = []
    /// Nothing where the figures are missing, too few, or good.
    let judge: @Sendable (Evidence) -> [Finding]

    /// All of them.
    static let all: [AdviceRule] = [
        hitRate, bigReplies, singleCommands, slowPaths, slowTables, keysWithoutExpiry, evictions, poolTooSmall,
        poolTooLarge, idleInTransaction, connectionChurn, databaseLogins, unpreparedStatements, noMemoryLimit,
        fragmentation, refusedParts, captureIncomplete,
    ]

    /// What all rules find, in the order of weight.
    static func findings(in evidence: Evidence) -> [Finding] {
        all.flatMap { rule in
            rule.judge(evidence).map { finding in
                var finding = finding
                finding.rule = rule.name
                return finding
            }
        }.sorted { ($1.weight, $0.rule, $0.subject) < ($0.weight, $1.rule, $1.subject) }
    }

    /// Every name that some rule needs.
    static let allCounters = Set(all.flatMap { $0.counters + $0.histograms.map { "\($0)_bucket" } })
    static let allGauges = Set(all.flatMap(\.gauges))
}
