// Queues and channels are named by the rules for key groups and counted apart from them. A server with thousands of
// groups of keys has a handful of queues, and those are not to be lost among the others.

/// What is counted for one name.
protocol PlaceFigures: Equatable, Sendable {
    init()
    mutating func add(_ other: Self)
}

/// Figures by name, for a fixed number of names; all others are counted together, exactly.
struct NamedFigures<Figures: PlaceFigures>: ~Copyable, Sendable {
    /// Names beside `other`.
    static var most: Int { 50 }

    private var groups: KeyGroups
    /// By slot; the last one is `other`.
    private(set) var figures = Array(repeating: Figures(), count: most + 1)
    private var busy: BusyNames

    /// - Parameter patterns: those of the operator.
    init(_ patterns: [KeyPattern], _ hasher: Hasher64) {
        groups = KeyGroups(patterns: patterns, capacity: Self.most, hasher: hasher)
        busy = BusyNames(hasher)
    }

    /// The group of a name that a command uses.
    ///
    /// - Parameters:
    ///   - name: the name, or its first ``RESPLimits/keptArgument`` bytes at least.
    ///   - length: its full length.
    mutating func group(of name: Span<UInt8>, length: Int, isSharded: Bool = false) -> GroupHandle {
        let limit = RESPLimits.keptArgument
        let start = name.count > limit ? name.extracting(0..<limit) : name
        let group = groups.group(of: start, isWhole: length <= limit)
        followRetirements()
        if length <= limit { busy.record(start, isSharded: isSharded, group: group) }
        return group
    }

    /// Whether a name is one that was used lately.
    func knows(_ name: Span<UInt8>) -> Bool { busy.knows(name) }

    /// Counts for the group of a command that was answered without an error.
    mutating func count(_ group: GroupHandle, _ change: (inout Figures) -> Void) {
        let settled = groups.settle(group, isAnswered: true)
        followRetirements()
        change(&figures[settled == .other ? Self.most : settled.slot])
    }

    /// Moves the figures of names that have lost their slot.
    private mutating func followRetirements() {
        if groups.retired.isEmpty { return }
        for slot in groups.retired {
            figures[Self.most].add(figures[slot])
            figures[slot] = Figures()
        }
        groups.retired = []
    }

    mutating func age() {
        groups.age()
        busy.age()
    }

    /// What a name is called on the page.
    func label(of group: GroupHandle) -> String { label(groups.label(of: group)) }

    private func label(_ label: GroupLabel?) -> String { label.map { String(printable: $0.name) } ?? "other" }

    /// The names that were used most.
    func busiest(_ count: Int) -> [BusyName] {
        busy.busiest(count).map { name in
            BusyName(name: name.bytes, group: label(of: name.group), isSharded: name.isSharded)
        }
    }

    /// Figures by what their names are on the page. Groups that differ by their project only are added up.
    var byLabel: [String: Figures] {
        var result: [String: Figures] = [:]
        for (slot, figures) in figures.enumerated() where figures != Figures() {
            let group = slot < groups.labels.count ? groups.labels[slot] : nil
            result[label(group), default: Figures()].add(figures)
        }
        return result
    }
}
