// What is published, and how many receive it. Channels are named by the rules for key groups.

/// What is counted for one group of channels.
struct ChannelFigures: PlaceFigures {
    var messages: UInt64 = 0
    /// Clients that the messages were sent to, each as often as it was.
    var receivers: UInt64 = 0

    mutating func add(_ other: ChannelFigures) {
        messages &+= other.messages
        receivers &+= other.receivers
    }
}

/// The channels of one Redis.
struct ChannelBooks: ~Copyable, Sendable {
    private(set) var named: NamedFigures<ChannelFigures>

    init(_ hasher: Hasher64) {
        named = NamedFigures([], hasher)
    }

    mutating func place(of channel: Span<UInt8>, length: Int, isSharded: Bool) -> GroupHandle {
        named.group(of: channel, length: length, isSharded: isSharded)
    }

    /// Counts a message.
    ///
    /// - Parameter receivers: as the server has answered.
    mutating func published(on place: GroupHandle, receivers: Int64) {
        named.count(place) { figures in
            figures.messages &+= 1
            figures.receivers &+= UInt64(Swift.max(0, receivers))
        }
    }

    mutating func age() {
        named.age()
    }

    /// The channels that are published to most.
    func busiest(_ count: Int) -> [BusyName] { named.busiest(count) }
}
