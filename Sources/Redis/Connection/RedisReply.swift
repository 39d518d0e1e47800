// What a Redis answers, as a value of Swift.

import Metrics

/// One reply of the RESP2 protocol.
enum RedisReply: Sendable, Equatable {
    /// `+OK` and its kin.
    case status(String)
    /// `-ERR …`: the whole line, with its first word.
    case error(String)
    case integer(Int64)
    case bulk([UInt8])
    case null
    case array([RedisReply])
    /// A reply that was longer than it may be. Nothing of it was kept.
    case tooLong
}

extension RedisReply {
    /// The replies to several commands that are one question: a list of them, or the first where all are errors.
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

    /// The reply without the secret, where it is an error: errors are repeated to people.
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
