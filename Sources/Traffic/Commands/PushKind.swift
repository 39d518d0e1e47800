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

    /// Whether the command is answered by one confirmation per channel.
    var isSubscription: Bool {
        switch self {
        case .subscribe, .patternSubscribe, .shardSubscribe: true
        case .unsubscribe, .patternUnsubscribe, .shardUnsubscribe: true
        default: false
        }
    }
}
