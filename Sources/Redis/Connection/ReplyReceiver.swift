// What arrives on a connection becomes the replies of one pipeline. How much is kept is bounded for each reply and for
// all together. A longer one is passed over where the poll can do without it, and ends the poll where it cannot.

import Metrics
import System

/// How long the reply to one command may be.
struct ReplyBound: Sendable, Equatable {
    /// Bytes, those of the protocol included.
    let bytes: Int
    /// Whether a longer reply is passed over. Without it the poll fails.
    let isOptional: Bool
    /// The fields that are kept of each line of `name=value`, where only they are wanted.
    var fields: [String]?

    /// Of a reply that the poll cannot do without.
    static let essential = ReplyBound(bytes: ReplyReceiver.byteBudget, isOptional: false)
}

/// Cuts a stream of bytes into replies.
struct ReplyReceiver: ~Copyable {
    /// Bytes that are kept of one pipeline; a server that has to say more is not worth listening to.
    static let byteBudget = 16 << 20
    /// What a byte of a reply takes while it is read: in hiredis' buffer, in its reply, in ours, and as text.
    private static let bytesPerByte = 4
    /// What an element takes besides, whatever its length.
    private static let bytesPerElement = 128

    private var reader = RESPReader()
    private var framing = ReplyFraming()
    private var digest: ReplyDigest?
    private var isSkipping = false
    private var bytesLeft = Self.byteBudget
    private var elementsLeft = RESPReader.elementBudget
    private var room: MemoryHold
    /// What is kept of replies that are complete, in bytes of memory.
    private var kept = 0

    init(_ memory: MemoryBudget) {
        room = MemoryHold(memory, for: .replies)
    }

    /// Takes note that nothing is needed any more of what came.
    mutating func endPoll() {
        room.release()
        kept = 0
    }

    /// Starts a new pipeline with full budgets.
    mutating func begin() {
        reader.refillBudget()
        bytesLeft = Self.byteBudget
        elementsLeft = RESPReader.elementBudget
    }

    /// Takes the first `count` bytes and adds the replies that end in them.
    ///
    /// - Parameter bounds: one per command, in the order of the commands.
    /// - Throws: when more comes than was asked for, when a reply is too long that cannot be passed over, and when the
    ///   bytes are no replies.
    mutating func take(
        _ bytes: [UInt8], count: Int, _ bounds: [ReplyBound], into replies: inout [RedisReply]
    ) throws(CollectorFailure) {
        var position = 0
        while position < count {
            // One reply too many would be taken for the answer to the next poll's first command.
            guard replies.count < bounds.count else {
                throw CollectorFailure(.malformed, "the server said more than it was asked")
            }
            if framing.size == 0, let fields = bounds[replies.count].fields {
                digest = ReplyDigest(of: bytes[position], keeping: fields)
            }
            let end = framing.pass(bytes, position..<count)
            digest?.take(bytes[position..<end])
            try skipIfTooLong(bounds[replies.count])
            if let digest {
                if framing.isComplete { replies.append(digest.reply) }
            } else if !isSkipping {
                try reader.feed(bytes, position..<(framing.isLost ? count : end))
                if let reply = try reader.next() { replies.append(reply) }
            } else if framing.isComplete {
                replies.append(.tooLong)
            }
            if framing.isLost {
                throw CollectorFailure(.malformed, "the answer is not of Redis' protocol")
            }
            if framing.isComplete { endReply() }
            position = end
        }
    }

    /// Drops what is held of a reply that is longer than it may be.
    private mutating func skipIfTooLong(_ bound: ReplyBound) throws(CollectorFailure) {
        let limit = min(bound.bytes, bytesLeft)
        guard !isSkipping else { return }
        guard framing.size > limit || framing.elements > elementsLeft || !room.covers(kept + cost) else { return }
        guard bound.isOptional else {
            guard framing.size > limit || framing.elements > elementsLeft else {
                throw CollectorFailure(.overflow, "there is no memory for the answer (--memory.limit)")
            }
            // The reader knows best what to say of arrays.
            guard framing.size > limit else { return }
            throw CollectorFailure(.malformed, "the answer is longer than \(limit >> 20) MiB")
        }
        reader = RESPReader()
        digest = nil
        isSkipping = true
    }

    /// What the reply at hand takes, in bytes of memory.
    private var cost: Int { Self.bytesPerByte * size + Self.bytesPerElement * framing.elements }

    /// Bytes that are kept of the reply at hand.
    private var size: Int { digest?.size ?? framing.size }

    private mutating func endReply() {
        if !isSkipping {
            kept += cost
            bytesLeft -= size
            elementsLeft -= framing.elements
        }
        framing = ReplyFraming()
        digest = nil
        isSkipping = false
    }
}
