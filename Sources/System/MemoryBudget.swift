// One budget of bytes for everything that a stranger can make grow. Each buffer has a bound of its own; without a
// budget their sum has none, and the kernel kills the process where it meets the limit of the container.

import Synchronization

/// What the process may hold, and what it holds, by use.
///
/// Each use has a share, and gives up something of its own when that is used up, so that no flood of one kind takes
/// what another needs. The owner of a buffer asks when it grows, and not for each thing that goes into it. Any thread
/// may ask; it costs an addition.
public final class MemoryBudget: Sendable {
    /// What memory is held for, and what is given up for want of room.
    public enum Use: String, Sendable, CaseIterable {
        /// Open connections to the own server, with the head of a request each. The one that was idle longest goes.
        case connections
        /// Answers of the own server that are being read: bodies, and what the kernel keeps of them. The newest slow
        /// reader goes.
        case responses
        /// Answers of Redis, Postgres and PgBouncer, until their poll is over. The one that does not fit goes, so the
        /// largest.
        case replies
        /// Connections that are followed on the wire. The one that was quiet longest goes.
        case flows
        /// Requests on the wire that wait for their answer. The connection with most of them goes.
        case exchanges
        /// Segments on the wire that came too early, and unfinished messages. What is missing before them is given up.
        case fragments
        /// Rings that the kernel fills with packets. Interfaces share one when there is no room for one each.
        case rings
    }

    /// One use at this moment.
    public struct Figures: Sendable, Equatable {
        /// Bytes that are held.
        public var held = 0
        /// How often something was given up because there was no room.
        public var shed: UInt64 = 0

        public init(held: Int = 0, shed: UInt64 = 0) {
            self.held = held
            self.shed = shed
        }
    }

    private final class Account: Sendable {
        let share: Int
        let held = Atomic(0)
        /// The most that was held since the last look.
        let most = Atomic(0)
        let shed = Atomic<UInt64>(0)

        init(share: Int) {
            self.share = share
        }
    }

    /// The bytes of program, libraries, threads, one ring and buffers of fixed size, with everything switched on: what
    /// is left of the limit is shared out. Measured; see docs/benchmarks.md.
    public static let program = 16 << 20
    /// The least that is shared out, however low the limit is.
    public static let leastShared = 8 << 20
    /// The limit where neither an option nor a container sets one, in bytes.
    public static let fallback = 256 << 20
    /// What has to come free at once to be worth giving back to the system.
    private static let burst = 4 << 20

    /// For the whole process, in bytes.
    public let limit: Int
    private let accounts: [Use: Account]

    public init(limit: Int = fallback) {
        self.limit = limit
        let shared = max(Self.leastShared, limit - Self.program)
        accounts = Dictionary(
            uniqueKeysWithValues: Use.allCases.map { use in
                // The first ring is part of the program.
                (use, Account(share: use == .rings ? limit / 12 : shared / 16 * use.sixteenths))
            })
    }

    /// The limit of a process in a container: three quarters of the container's, since files that it reads count there
    /// too.
    public static func limit(inContainerOf bytes: Int?) -> Int {
        bytes.map { $0 / 4 * 3 } ?? fallback
    }

    /// How many bytes the use may take.
    public func share(of use: Use) -> Int { self[use].share }

    private subscript(use: Use) -> Account {
        guard let account = accounts[use] else { preconditionFailure("every use has an account") }
        return account
    }

    /// Says how many bytes the use holds now, where it has one owner.
    public func hold(_ bytes: Int, for use: Use) {
        let account = self[use]
        account.held.store(bytes, ordering: .relaxed)
        account.most.max(bytes, ordering: .relaxed)
    }

    /// The same of an owner that counts by itself what it has given up.
    public func hold(_ figures: Figures, for use: Use) {
        hold(figures.held, for: use)
        self[use].shed.store(figures.shed, ordering: .relaxed)
    }

    /// Takes bytes of the share; false, and nothing is taken, when they are not there.
    func take(_ bytes: Int, for use: Use) -> Bool {
        let account = self[use]
        let held = account.held.add(bytes, ordering: .relaxed).newValue
        guard held <= account.share else {
            account.held.subtract(bytes, ordering: .relaxed)
            return false
        }
        account.most.max(held, ordering: .relaxed)
        return true
    }

    /// Gives bytes back that were taken.
    func giveBack(_ bytes: Int, for use: Use) {
        self[use].held.subtract(bytes, ordering: .relaxed)
    }

    /// Counts what was given up for want of room.
    public func shed(_ use: Use, _ count: UInt64 = 1) {
        self[use].shed.add(count, ordering: .relaxed)
    }

    /// All uses at this moment.
    public var figures: [Use: Figures] {
        accounts.mapValues {
            Figures(held: $0.held.load(ordering: .relaxed), shed: $0.shed.load(ordering: .relaxed))
        }
    }

    /// Whether so much has come free since this was last asked that the system should get it back.
    public func takeBurst() -> Bool {
        accounts.values.reduce(0) { freed, account in
            let held = account.held.load(ordering: .relaxed)
            return freed + max(0, account.most.exchange(held, ordering: .relaxed) - held)
        } >= Self.burst
    }
}

extension MemoryBudget.Use {
    /// Its part of what is shared out. All of them together are sixteen.
    fileprivate var sixteenths: Int {
        switch self {
        case .connections: 2
        case .responses: 3
        case .replies: 4
        case .flows: 5
        case .exchanges, .fragments: 1
        case .rings: 0
        }
    }
}
