// Which group a key belongs to: the operator's patterns first, then automatic grouping, then `other` when all slots are
// taken. A group that has a slot keeps it and its name, unless one that is more than twice as busy needs the slot.

/// The groups that have a slot, and the way from a key to its group.
struct KeyGroups: ~Copyable, Sendable {
    /// The most groups that can have a slot.
    static let mostGroups = 60_000

    private let hasher: Hasher64
    private let patterns: [(pattern: KeyPattern, hash: UInt64)]
    private let otherHash: UInt64
    private let rules: NameRules
    private var judge: KeyJudge
    private var names: GroupNames
    private var unanswered = UnansweredGroups()
    private var recent = RecentGroups()
    private var heavyHitters: HeavyHitters
    private(set) var labels: [GroupLabel?] = []
    private var generations: [UInt16] = []
    /// Slots whose group has lost them since this was last emptied. Figures that are kept by slot have to follow: they
    /// belong to `other`.
    var retired: [Int] = []

    init(patterns: [KeyPattern], capacity: Int, hasher: Hasher64, rules: NameRules = .keys) {
        self.hasher = hasher
        self.rules = rules
        self.patterns = patterns.map { ($0, hasher.hash($0.group.span, $0.group.indices)) }
        let other = Array("other".utf8)
        otherHash = hasher.hash(other.span, other.indices)
        judge = KeyJudge(rules)
        names = GroupNames(hasher: hasher, kinds: rules.kinds)
        heavyHitters = HeavyHitters(capacity: Swift.min(capacity, Self.mostGroups))
    }

    /// The group of a command's key.
    ///
    /// A group that is new is provisional: ``settle(_:isAnswered:)`` says what has become of it.
    ///
    /// - Parameter isWhole: false when the key goes on after these bytes.
    @inline(__always)
    mutating func group(of key: Span<UInt8>, isWhole: Bool) -> GroupHandle {
        if !patterns.isEmpty {
            if let group = groupByPattern(key) { return group }
            if rules.hidesUnmatched { return .other }
        }
        let shape = KeyShape.hash(key, hasher)
        if isWhole, let group = recent.find(shape), isCurrent(group) {
            heavyHitters.weigh(group.slot)
            return group
        }
        return groupByName(key, shape, isWhole: isWhole)
    }

    /// Whether a handle is that of a group with a slot.
    @inline(__always)
    private func isCurrent(_ handle: GroupHandle) -> Bool {
        handle.slot < generations.count && generations[handle.slot] == handle.generation
    }

    /// The group that figures of a command are filed under: one with a slot, or `other`.
    ///
    /// Mutating though it changes nothing: only so is it asked in place and not by a copy of these 300 bytes.
    @inline(__always)
    mutating func resolve(_ handle: GroupHandle) -> GroupHandle {
        isCurrent(handle) ? handle : follow(handle)
    }

    private func follow(_ handle: GroupHandle) -> GroupHandle {
        if handle == .none { return handle }
        guard let entry = unanswered[handle], isCurrent(entry.group) else { return .other }
        return entry.group
    }

    /// The labels that a command's group has by now; nil for `other`. Not for the way of a packet.
    func label(of handle: GroupHandle) -> GroupLabel? {
        let current = isCurrent(handle) ? handle : follow(handle)
        return isCurrent(current) ? labels[current.slot] : nil
    }

    /// The group of a command that was answered; without an error a provisional group becomes a lasting one.
    @inline(__always)
    mutating func settle(_ handle: GroupHandle, isAnswered: Bool) -> GroupHandle {
        isCurrent(handle) ? handle : settleProvisional(handle, isAnswered: isAnswered)
    }

    private mutating func settleProvisional(_ handle: GroupHandle, isAnswered: Bool) -> GroupHandle {
        guard isAnswered, let entry = unanswered[handle], entry.group == .none else { return follow(handle) }
        var group = GroupHandle.other
        if !entry.label.isAutomatic {
            group = count(entry.hash) { _ in entry.label }
        } else if let hash = names.learn(entry.label.name.span) {
            group = count(hash) { GroupLabel(name: $0.name.written, project: [], isAutomatic: true) }
        }
        unanswered.settle(handle, group)
        return group
    }

    /// Halves the weights of all groups.
    mutating func age() {
        heavyHitters.age()
    }
}

// Slower ways to a group.
extension KeyGroups {
    private mutating func groupByName(_ key: Span<UInt8>, _ shape: UInt64, isWhole: Bool) -> GroupHandle {
        let digits = recent.digits(of: shape)
        if isWhole, digits != 0 {
            let exact = KeyShape.hash(shape, key, at: digits, hasher)
            if let group = recent.find(exact), isCurrent(group) {
                heavyHitters.weigh(group.slot)
                return group
            }
        }
        judge.judge(key, isWhole: isWhole)
        let called = hasher.hash(judge.name.bytes.span, 0..<judge.name.count, after: 1)
        var group = recent.find(called) ?? .none
        if isCurrent(group) {
            heavyHitters.weigh(group.slot)
        } else {
            group = groupByJudgedName(called)
            guard isCurrent(group) else { return group }
            recent.remember(called, group)
        }
        if isWhole && judge.name.dependsOnLayoutOnly { remember(key, shape, group) }
        return group
    }

    /// Remembers the group of all keys that look like this one.
    private mutating func remember(_ key: Span<UInt8>, _ shape: UInt64, _ group: GroupHandle) {
        let digits = judge.name.keptDigits
        if digits == 0 { return recent.remember(shape, group) }
        recent.remember(shape, digits: digits)
        recent.remember(KeyShape.hash(shape, key, at: digits, hasher), group)
    }

    private mutating func groupByJudgedName(_ called: UInt64) -> GroupHandle {
        let bytes = judge.name.bytes
        let (hash, admission) = names.find(bytes.span.extracting(0..<judge.name.count))
        switch admission {
        case .known: return count(hash) { GroupLabel(name: $0.name.written, project: [], isAutomatic: true) }
        case .full: return .other
        case .new:
            let name = judge.name.written
            return unanswered.handle(called) { GroupLabel(name: name, project: [], isAutomatic: true) }
        }
    }

    private mutating func groupByPattern(_ key: Span<UInt8>) -> GroupHandle? {
        for (pattern, hash) in patterns {
            guard let match = pattern.match(key) else { continue }
            let project = match.prefix(NameTemplate.longest)
            let group = pattern.hasProject ? hasher.hash(key, project, after: hash) : hash
            if hash == otherHash { return .other }
            if let slot = heavyHitters.find(group) {
                heavyHitters.weigh(slot)
                return GroupHandle(slot: slot, generation: generations[slot])
            }
            return unanswered.handle(group) {
                GroupLabel(name: pattern.group, project: project.map { key[$0] }, isAutomatic: false)
            }
        }
        return nil
    }

    /// Counts a key of a group, and gives it a slot when it is among the heaviest.
    private mutating func count(_ hash: UInt64, _ label: (borrowing GroupNames) -> GroupLabel) -> GroupHandle {
        if hash == otherHash { return .other }
        switch heavyHitters.record(hash) {
        case .held(let slot): return GroupHandle(slot: slot, generation: generations[slot])
        case .unheld: return .other
        case .entered(let slot):
            return settle(label(names), in: slot)
        case .displaced(let slot):
            generations[slot] &+= 1
            retired.append(slot)
            return settle(label(names), in: slot)
        }
    }

    private mutating func settle(_ label: GroupLabel, in slot: Int) -> GroupHandle {
        if slot == labels.count {
            labels.append(label)
            generations.append(0)
        } else {
            labels[slot] = label
        }
        return GroupHandle(slot: slot, generation: generations[slot])
    }
}
