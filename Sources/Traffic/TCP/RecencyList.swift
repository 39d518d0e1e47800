// Which connection was quiet for longest. Apart from the connections themselves, so that moving one to the front
// touches a few small words.

/// Positions in the order of their last use.
struct RecencyList: Sendable {
    private struct Link: Sendable {
        var newer: Int32 = -1
        var older: Int32 = -1
    }

    private var links: [Link] = []
    private var newest: Int32 = -1
    private var oldest: Int32 = -1

    /// The position that was not used for longest.
    var leastRecent: Int? { oldest < 0 ? nil : Int(oldest) }

    mutating func insert(_ position: Int) {
        while links.count <= position { links.append(Link()) }
        pushFront(Int32(position))
    }

    /// Makes a position the newest.
    @inline(__always)
    mutating func touch(_ position: Int) {
        if newest == Int32(position) { return }
        unlink(Int32(position))
        pushFront(Int32(position))
    }

    mutating func remove(_ position: Int) {
        unlink(Int32(position))
    }

    private mutating func pushFront(_ position: Int32) {
        links[Int(position)] = Link(newer: -1, older: newest)
        if newest >= 0 { links[Int(newest)].newer = position } else { oldest = position }
        newest = position
    }

    private mutating func unlink(_ position: Int32) {
        let link = links[Int(position)]
        if link.newer >= 0 { links[Int(link.newer)].older = link.older } else { newest = link.older }
        if link.older >= 0 { links[Int(link.older)].newer = link.newer } else { oldest = link.newer }
    }
}
