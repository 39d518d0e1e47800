// What a connection has subscribed to. Redis confirms each change with the number that there are then, of channels and
// patterns together, and of shard channels.

/// How many subscriptions a connection has, by kind.
struct Subscriptions: Sendable {
    private var channels: Int64 = 0
    private var patterns: Int64 = 0
    private var shards: Int64 = 0
    /// Whether there may be some that the capture has not seen.
    private var hasUnseen: Bool

    static let none = Subscriptions(hasUnseen: false)
    static let unknown = Subscriptions(hasUnseen: true)

    private init(hasUnseen: Bool) {
        self.hasUnseen = hasUnseen
    }

    /// Whether there are any for certain, and whether there may be.
    var exist: Bool { channels > 0 || patterns > 0 || shards > 0 }
    var mayExist: Bool { hasUnseen || exist }

    mutating func loseTrack() {
        hasUnseen = true
    }

    /// Takes note of a confirmation and its number of subscriptions.
    mutating func confirm(_ role: CommandRole, total: Int64) {
        switch role {
        case .subscribe, .unsubscribe: channels = Swift.max(0, total &- patterns)
        case .patternSubscribe, .patternUnsubscribe: patterns = Swift.max(0, total &- channels)
        default: shards = Swift.max(0, total)
        }
    }

    /// Whether a command that ends all subscriptions of its kind has ended them.
    func haveEnded(_ role: CommandRole) -> Bool {
        switch role {
        case .unsubscribe: channels == 0
        case .patternUnsubscribe: patterns == 0
        default: shards == 0
        }
    }
}
