// Targets that come and go while the program runs, such as the nodes of a cluster. One source finds out which are
// there, and each member is a source like any other for as long as it is.

import Metrics

/// A group of targets whose members change.
struct SourceGroup: Sendable {
    /// One target, by a name of its own within the group; made into sources when it joins.
    struct Member: Sendable {
        let name: String
        /// - Parameter delay: how long after joining it is first polled.
        let sources: @Sendable (_ delay: Duration) -> [Source]
    }

    /// Gets all members, whenever they have been looked for.
    typealias Listener = @Sendable ([Member]) -> Void

    /// A name of its own among all groups.
    let name: String
    /// How often members are polled: they take turns within this time.
    let interval: Duration
    /// The source that looks for members.
    ///
    /// - Parameter known: the names of those that an earlier configuration had.
    let discovery: @Sendable (_ known: [String], @escaping Listener) -> Source
    /// The member of a name that an earlier configuration had.
    let recall: @Sendable (_ name: String) -> Member?
}

/// The members of a group at the moment. Pure.
struct Membership: Sendable {
    /// What follows from a look.
    struct Change: Sendable, Equatable {
        var left: [String] = []
        /// In the order of the look, with the share of the interval after which each is first polled.
        var joined: [(name: String, share: Double)] = []

        static func == (one: Change, other: Change) -> Bool {
            one.left == other.left && one.joined.elementsEqual(other.joined) { $0.name == $1.name }
        }
    }

    private var names: [String] = []
    private var joins = 0

    /// Takes the names that are there now, and says what is to be done for that.
    mutating func take(_ found: [String]) -> Change {
        var change = Change()
        change.left = names.filter { !found.contains($0) }
        names.removeAll { change.left.contains($0) }
        for name in found where !names.contains(name) {
            names.append(name)
            change.joined.append((name, Self.share(of: joins)))
            joins += 1
        }
        return change
    }

    /// Shares that lie far apart however many there are: multiples of the golden ratio, without their whole part.
    private static func share(of number: Int) -> Double {
        (Double(number) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
    }
}
