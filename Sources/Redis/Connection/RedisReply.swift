// What a Redis answers, as a value of Swift.

import Metrics

/// One reply of the RESP2 protocol.
enum RedisReply: Sendable, Equatable {
    /// `+OK` and its kin.
    case status(String)
    /// `-ERR …`: the whole line, with its first word.
    case error(ErrorText)
    case integer(Int64)
    case bulk([UInt8])
    case null
    case array([RedisReply])
    /// A reply that was longer than it may be. Nothing of it was kept.
    case tooLong
}

extension RedisReply {
    /// The replies to several commands that are one query: a list of them, or the first where all are errors.
    init(joining replies: ArraySlice<RedisReply>) {
        let isFailure = replies.allSatisfy { if case .error = $0 { true } else { false } }
        self = replies.count == 1 || isFailure ? replies.first ?? .null : .array(Array(replies))
    }

    /// The bytes of a bulk string or a status.
    var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .status(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The text of a bulk string or a status; bytes that are no UTF-8 are replaced.
    var text: String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A whole number, as an integer reply or as digits in a string.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bulk, .status: text.flatMap { Int64($0) }
        default: nil
        }
    }

    /// The reply; where it is an error, one that shows nothing of the secret.
    func hiding(_ secret: String?) -> RedisReply {
        if case .error(let text) = self { .error(text.hiding(secret)) } else { self }
    }

    /// Whether the command was turned down before it was carried out.
    var isRejection: Bool {
        if case .error(let text) = self { CollectorFailure.isRejection(text) } else { false }
    }

    var elements: [RedisReply]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The elements of an array in twos, as RESP2 writes maps; nil when it is no array or its length is odd.
    var pairs: [(key: RedisReply, value: RedisReply)]? {
        guard let elements, elements.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: elements.count, by: 2).map { (elements[$0], elements[$0 + 1]) }
    }
}

/// An error as a server has said it. What it means is decided by its words; people are shown them without the password,
/// which a server may repeat. They are two, because a password may be a word of the server's own.
struct ErrorText: Sendable, Equatable, ExpressibleByStringLiteral {
    /// Word for word, for decisions only.
    private let words: String
    /// For messages and labels.
    let shown: String

    /// - Parameter secret: what is never shown; nil where there is none.
    init(_ words: String, hiding secret: String? = nil) {
        self.words = words
        shown = words.hiding(secret)
    }

    init(stringLiteral words: String) {
        self.init(words)
    }

    func hiding(_ secret: String?) -> ErrorText { ErrorText(words, hiding: secret) }

    /// The first word, such as `NOPERM`.
    var kind: Substring { words.prefix { $0 != " " } }

    func hasPrefix(_ text: String) -> Bool { words.hasPrefix(text) }

    /// Whether the text stands anywhere in it, byte for byte.
    func mentions(_ text: String) -> Bool { words.mentions(text) }

    /// The same for letters of either case.
    func mentions(anyCase text: String) -> Bool { words.lowercased().mentions(text) }
}
