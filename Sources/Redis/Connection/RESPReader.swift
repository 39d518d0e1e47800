// hiredis, and nothing else of it than its reader and its formatter: bytes become replies, commands become bytes. The
// socket is ours, so that deadlines and TLS work the same with every version of hiredis.

import CHiredis
import Metrics

/// Reads replies out of a stream of bytes.
///
/// What a hostile server can make it allocate is bounded: arrays by a budget of elements per poll, the rest by the
/// bytes that were really received, which ``ReplyReceiver`` bounds.
///
/// `@safe`: both pointers belong to this struct alone, which frees them; replies are copied before they are freed.
@safe struct RESPReader: ~Copyable {
    private let reader: UnsafeMutablePointer<redisReader>
    private let guardian: UnsafeMutablePointer<sidelong_guard>

    /// Array elements that one poll may announce, over all replies and levels.
    static let elementBudget = 1 << 17

    init() {
        // Without memory for 200 bytes nothing can go on.
        unsafe reader = redisReaderCreate()!
        unsafe guardian = .allocate(capacity: 1)
        unsafe sidelong_guard_arrays(reader, guardian)
        unsafe guardian.pointee.elements_left = Self.elementBudget
    }

    deinit {
        unsafe redisReaderFree(reader)
        unsafe guardian.deallocate()
    }

    /// Starts a new poll with a full budget.
    mutating func refillBudget() {
        unsafe guardian.pointee.elements_left = Self.elementBudget
    }

    /// Hands over some of the bytes.
    mutating func feed(_ bytes: [UInt8], _ range: Range<Int>) throws(CollectorFailure) {
        let status = unsafe bytes.withUnsafeBytes { buffer in
            let part = unsafe UnsafeRawBufferPointer(rebasing: buffer[range])
            return unsafe redisReaderFeed(
                reader, part.baseAddress?.assumingMemoryBound(to: CChar.self), part.count)
        }
        guard status == REDIS_OK else { throw failure }
    }

    /// The next complete reply, or nil when more bytes are needed.
    mutating func next() throws(CollectorFailure) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &reply) == REDIS_OK else { throw failure }
        guard let reply = unsafe reply else { return nil }
        defer { unsafe freeReplyObject(reply) }
        return unsafe Self.copy(reply.assumingMemoryBound(to: redisReply.self))
    }

    /// One command in the bytes of the protocol.
    static func format(_ command: [String]) -> [UInt8] {
        let lengths = command.map(\.utf8.count)
        let text = Array(command.joined().utf8) + [0]
        var target: UnsafeMutablePointer<CChar>?
        let length = unsafe text.withUnsafeBytes { buffer in
            var start = 0
            var words: [UnsafePointer<CChar>?] = unsafe []
            for length in lengths {
                unsafe words.append(buffer.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self))
                start += length
            }
            return unsafe redisFormatCommandArgv(&target, Int32(clamping: command.count), &words, lengths)
        }
        guard let target = unsafe target, length > 0 else { return [] }
        defer { unsafe redisFreeCommand(target) }
        return unsafe Array(UnsafeRawBufferPointer(start: target, count: Int(length)))
    }

    /// The depth is bounded by hiredis, which refuses arrays nested deeper than its own stack of nine.
    private static func copy(_ reply: UnsafePointer<redisReply>) -> RedisReply {
        switch unsafe reply.pointee.type {
        case REDIS_REPLY_STATUS: return unsafe .status(String(decoding: bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return unsafe .error(ErrorText(String(decoding: bytes(reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return unsafe .integer(reply.pointee.integer)
        case REDIS_REPLY_STRING: return unsafe .bulk(bytes(reply))
        case REDIS_REPLY_ARRAY:
            let elements = unsafe UnsafeBufferPointer(start: reply.pointee.element, count: reply.pointee.elements)
            return unsafe .array(elements.map { element in unsafe element.map { unsafe copy($0) } ?? .null })
        default: return .null
        }
    }

    private static func bytes(_ reply: UnsafePointer<redisReply>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len))
    }

    /// Why the reader gave up; it is of no use afterwards.
    private var failure: CollectorFailure {
        if unsafe reader.pointee.err == REDIS_ERR_OOM {
            return CollectorFailure(.malformed, "the answer announces more elements than a Redis has to say")
        }
        let text = unsafe withUnsafeBytes(of: reader.pointee.errstr) { unsafe Array($0.prefix { $0 != 0 }) }
        return CollectorFailure(
            .malformed, "the answer is not of Redis' protocol: \(String(decoding: text, as: UTF8.self))")
    }
}
