// Several walks share what a poll may cost: a number of calls, and a time.

/// The walks of one part.
struct KeyWalks: Sendable {
    private(set) var walks: [KeyWalk]
    private var callsLeft = 0
    private var deadline = ContinuousClock.now

    init(_ walks: [KeyWalk]) {
        self.walks = walks
    }

    /// How long the walks of one poll may take, on a connection where each call is a round trip.
    private static let longest = Duration.milliseconds(250)

    /// Begins a poll. What other parts have taken of it before does not count.
    ///
    /// - Returns: the walks that are to be called.
    mutating func begin(on server: ServerIdentity) -> Range<Int> {
        callsLeft = KeyWalk.callsPerPoll
        deadline = .now + Self.longest
        if server.isBeforeSix { for index in walks.indices { walks[index].type = nil } }
        return walks.indices
    }

    /// Takes the reply to a call of one walk.
    ///
    /// - Returns: the call to make next, if there is one in this poll.
    mutating func take(_ reply: RedisReply, of index: Int) -> RedisQuery? {
        callsLeft -= 1
        guard walks[index].take(reply), callsLeft > walks.count, .now < deadline else { return nil }
        return walks[index].query
    }
}
