// What Redis sends without being asked, and what it sends several times: messages, and confirmations of subscriptions.

/// The kinds of push message that matter for pairing, by the first element.
enum PushKind {
    /// A confirmation of the command in this role.
    case confirmation(CommandRole)
    /// A published message.
    case message

    /// Nil for other kinds, such as `invalidate`, and for anything that is no push.
    init?(_ word: ShortWord) {
        guard let kind = Self.all[word] else { return nil }
        self = kind
    }

    private static let all: [ShortWord: PushKind] = [
        ShortWord("subscribe"): .confirmation(.subscribe),
        ShortWord("unsubscribe"): .confirmation(.unsubscribe),
        ShortWord("psubscribe"): .confirmation(.patternSubscribe),
        ShortWord("punsubscribe"): .confirmation(.patternUnsubscribe),
        ShortWord("ssubscribe"): .confirmation(.shardSubscribe),
        ShortWord("sunsubscribe"): .confirmation(.shardUnsubscribe),
        ShortWord("message"): .message,
        ShortWord("pmessage"): .message,
        ShortWord("smessage"): .message,
    ]
}

extension CommandRole {
    /// Whether Redis accepts the command in RESP2's subscribed mode.
    var isAllowedWhileSubscribed: Bool {
        switch self {
        case .ping, .quit, .reset: true
        default: isSubscription
        }
    }

    /// Whether the reply may be this command's. A server that leaves out a reply is noticed where the next one is none
    /// that the command has. Valkey 8.0 does not answer an AUTH or HELLO that fails while replies wait to be sent.
    func mayBeAnswered(by reply: ReplyFacts) -> Bool {
        switch self {
        case .auth: reply.isError || reply.type == UInt8(ascii: "+")
        case .hello: reply.isError || [UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "%")].contains(reply.type)
        default: true
        }
    }

    /// Whether the connection becomes a monitor's or a replica's once the command is accepted.
    var endsMeasurement: Bool { self == .monitor || self == .partialSync }

    /// Whether no command of the transaction is queued any more once it is answered.
    var endsTransaction: Bool {
        switch self {
        case .multi, .exec, .discard, .reset: true
        default: false
        }
    }

    /// Whether the command is answered by one confirmation per channel.
    var isSubscription: Bool {
        switch self {
        case .subscribe, .patternSubscribe, .shardSubscribe: true
        case .unsubscribe, .patternUnsubscribe, .shardUnsubscribe: true
        default: false
        }
    }
}
