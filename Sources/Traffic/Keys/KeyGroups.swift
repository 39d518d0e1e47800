// Which group a key belongs to: the operator's patterns first, then automatic grouping, then `other` when all seats are
// taken by heavier groups.

/// A group that a command in flight belongs to. It stays meaningful when the group loses its seat.
struct GroupHandle: Equatable, Hashable, BitwiseCopyable, Sendable {
    private let value: UInt32

    /// The command has no key.
    static let none = GroupHandle(seat: 0xFFFF, era: 0xFFFF)
    /// The group is not one of those with a seat.
    static let other = GroupHandle(seat: 0xFFFE, era: 0)

    init(seat: Int, era: UInt16) {
        value = UInt32(seat) << 16 | UInt32(era)
    }

    var seat: Int { Int(value >> 16) }
    var era: UInt16 { UInt16(truncatingIfNeeded: value) }
}

/// A group's labels.
struct GroupLabel: Equatable, Sendable {
    let name: [UInt8]
    let project: [UInt8]
    /// Whether the name comes from automatic grouping, and changes when a place in it becomes `*`.
    let isAutomatic: Bool
}

/// The groups that have a seat, and the way from a key to its group.
struct KeyGroups: ~Copyable, Sendable {
    /// What happened to seats, in order; whoever keeps figures by seat has to follow.
    enum Move: Equatable {
        /// The group in this seat lost it; its figures belong to `other`.
        case retired(seat: Int)
        /// The group in the first seat has become the same as that in the second.
        case merged(seat: Int, into: Int)
    }

    /// The most groups that can have a seat.
    static let mostSeats = 60_000
    /// Merged groups that commands in flight may still name.
    static let mostForwards = 4_096
    /// Shapes of keys whose group is remembered: 16 bytes each.
    private static let recentShapes = 512

    private struct Recent: Sendable {
        let shape: UInt64
        let group: GroupHandle
    }

    private let hasher: Hasher64
    private let patterns: [(pattern: KeyPattern, hash: UInt64)]
    private let otherHash: UInt64
    private var namer: KeyNamer
    private var seats: Seats
    private(set) var labels: [GroupLabel?] = []
    private var eras: [UInt16] = []
    /// Groups of the shapes seen last, so that a key's name need not be written to find its group.
    private var recents = [Recent](repeating: Recent(shape: 0, group: .none), count: recentShapes)
    /// Where handles of merged groups lead now.
    private(set) var forwards: [GroupHandle: GroupHandle] = [:]
    /// What happened since the last time somebody emptied this.
    var moves: [Move] = []

    init(patterns: [KeyPattern], capacity: Int, hasher: Hasher64) {
        self.hasher = hasher
        self.patterns = patterns.map { ($0, hasher.hash($0.group.span, $0.group.indices)) }
        let other = Array("other".utf8)
        otherHash = hasher.hash(other.span, other.indices)
        namer = KeyNamer(hasher: hasher)
        seats = Seats(capacity: Swift.min(capacity, Self.mostSeats))
    }

    /// The group of a key.
    ///
    /// - Parameter isWhole: false when the key goes on after these bytes.
    @inline(__always)
    mutating func group(of key: Span<UInt8>, isWhole: Bool) -> GroupHandle {
        if !patterns.isEmpty, let group = groupByPattern(key) { return group }
        let shape = namer.shape(of: key, isWhole: isWhole)
        return recent(shape) ?? groupByFoldedShape(key, isWhole: isWhole)
    }

    /// The group of the keys of a shape, if one was seen lately. A shape whose words have become `*` since leads to the
    /// group that took over.
    @inline(__always)
    private mutating func recent(_ shape: UInt64) -> GroupHandle? {
        let recent = recents[Self.slot(of: shape)]
        guard recent.shape == shape, isCurrent(recent.group) else { return nil }
        seats.weigh(recent.group.seat)
        return recent.group
    }

    @inline(__always)
    private static func slot(of shape: UInt64) -> Int {
        Int(truncatingIfNeeded: shape >> 8) & (recentShapes - 1)
    }

    private mutating func groupByFoldedShape(_ key: Span<UInt8>, isWhole: Bool) -> GroupHandle {
        let shape = namer.foldedShape(of: key, isWhole: isWhole)
        if namer.takeChange() {
            renameGroups()
        } else if let group = recent(shape) {
            return group
        }
        namer.write(key, isWhole: isWhole)
        let group = seat(namer.currentHash) { GroupLabel(name: $0.currentName, project: [], isAutomatic: true) }
        recents[Self.slot(of: shape)] = Recent(shape: shape, group: group)
        return group
    }

    /// Whether a handle is that of a group with a seat.
    @inline(__always)
    private func isCurrent(_ handle: GroupHandle) -> Bool {
        handle.seat < eras.count && eras[handle.seat] == handle.era
    }

    /// Where a handle leads now.
    ///
    /// Mutating though it changes nothing: only so is it asked in place and not by a copy of these 300 bytes.
    @inline(__always)
    mutating func resolve(_ handle: GroupHandle) -> GroupHandle {
        isCurrent(handle) ? handle : follow(handle)
    }

    /// Halves the weights of all groups.
    mutating func age() {
        seats.age()
    }

    private func follow(_ handle: GroupHandle) -> GroupHandle {
        if handle == .none || handle == .other || isCurrent(handle) { return handle }
        guard let next = forwards[handle] else { return .other }
        return follow(next)
    }

    private mutating func groupByPattern(_ key: Span<UInt8>) -> GroupHandle? {
        for (pattern, hash) in patterns {
            guard let match = pattern.match(key) else { continue }
            guard pattern.hasProject else {
                return seat(hash) { _ in GroupLabel(name: pattern.group, project: [], isAutomatic: false) }
            }
            let project = match.prefix(KeyNamer.longestName)
            return seat(hasher.hash(key, project, after: hash)) { _ in
                GroupLabel(name: pattern.group, project: project.map { key[$0] }, isAutomatic: false)
            }
        }
        return nil
    }

    /// Counts a key of a group, and gives the group a seat when it deserves one.
    @inline(__always)
    private mutating func seat(_ hash: UInt64, _ label: (borrowing KeyNamer) -> GroupLabel) -> GroupHandle {
        if hash == otherHash { return .other }
        switch seats.record(hash) {
        case .seated(let seat): return GroupHandle(seat: seat, era: eras[seat])
        case .standing: return .other
        case .taken(let seat):
            return settle(label(namer), in: seat)
        case .conquered(let seat):
            eras[seat] &+= 1
            moves.append(.retired(seat: seat))
            return settle(label(namer), in: seat)
        }
    }

    private mutating func settle(_ label: GroupLabel, in seat: Int) -> GroupHandle {
        if seat == labels.count {
            labels.append(label)
            eras.append(0)
        } else {
            labels[seat] = label
        }
        return GroupHandle(seat: seat, era: eras[seat])
    }

    /// Writes all automatic names anew after a place has become `*`, and merges those that are the same now.
    private mutating func renameGroups() {
        repeat {
            for seat in labels.indices {
                guard let label = labels[seat], label.isAutomatic else { continue }
                namer.write(label.name.span, isWhole: true)
                let name = namer.currentName
                if name == label.name { continue }
                if let other = seats.find(namer.currentHash) {
                    merge(seat, into: other)
                } else {
                    seats.rename(seat, to: namer.currentHash)
                    labels[seat] = GroupLabel(name: name, project: [], isAutomatic: true)
                }
            }
        } while namer.takeChange()
    }

    private mutating func merge(_ seat: Int, into other: Int) {
        if forwards.count >= Self.mostForwards { forwards = [:] }
        forwards[GroupHandle(seat: seat, era: eras[seat])] = GroupHandle(seat: other, era: eras[other])
        eras[seat] &+= 1
        labels[seat] = nil
        seats.merge(seat, into: other)
        moves.append(.merged(seat: seat, into: other))
    }
}
