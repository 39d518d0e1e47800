// One budget of bytes for everything that a stranger can make grow. Each buffer has a bound of its own; without a
// budget their sum has none, and the kernel kills the process where it meets the limit of the container.

import Synchronization

/// What the process may hold, and what it holds, by use.
///
/// Each use has a share. The owner of a buffer asks for its share, keeps within it, says how much is held, and counts
/// what had to be given up.
public final class MemoryBudget: Sendable {
    /// What memory is held for.
    public enum Use: String, Sendable, CaseIterable {
        /// Open connections to the own server: the head of a request each.
        case connections
        /// Answers of the own server that are being read: bodies, and what the kernel keeps of them.
        case responses
    }

    /// One use at this moment.
    public struct Figures: Sendable, Equatable {
        /// Bytes that are held.
        public var held = 0
        /// How often something was given up because there was no room.
        public var shed: UInt64 = 0

        public init() {}
    }

    /// The bytes of program, libraries, threads and buffers of fixed size, with everything switched on: what is left of
    /// the limit is shared out. Measured; see docs/benchmarks.md.
    public static let program = 24 << 20
    /// The least that is shared out, however low the limit is.
    public static let leastShared = 8 << 20
    /// The limit where neither an option nor a container sets one, in bytes.
    public static let fallback = 256 << 20

    /// For the whole process, in bytes.
    public let limit: Int
    private let uses = Mutex([Use: Figures](uniqueKeysWithValues: Use.allCases.map { ($0, Figures()) }))

    public init(limit: Int = fallback) {
        self.limit = limit
    }

    /// The limit of a process in a container: three quarters of the container's, since files that it reads count there
    /// too.
    public static func limit(inContainerOf bytes: Int?) -> Int {
        bytes.map { $0 / 4 * 3 } ?? fallback
    }

    /// How many bytes the use may take. The parts of the wire and of the databases have the other half.
    public func share(of use: Use) -> Int {
        max(Self.leastShared, limit - Self.program) / 4
    }

    /// Says how many bytes the use holds now.
    public func hold(_ bytes: Int, for use: Use) {
        uses.withLock { $0[use, default: Figures()].held = bytes }
    }

    /// Counts something that was given up for want of room.
    public func shed(_ use: Use) {
        uses.withLock { $0[use, default: Figures()].shed += 1 }
    }

    /// All uses at this moment.
    public var figures: [Use: Figures] { uses.withLock { $0 } }
}
