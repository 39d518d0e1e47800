// A live capture: the interfaces are opened while the capability is at hand, the capability is dropped, and the thread
// starts without it.

import Synchronization
import System
public import Traffic

/// A running capture; it ends when its last reference goes.
public final class LiveCapture: Sendable {
    /// Which interfaces to capture.
    public enum Interfaces: Sendable, Equatable {
        /// The loopback and every interface that is up, now or later.
        case all
        case named([String])
    }

    /// What to capture.
    public struct Settings: Sendable {
        public let interfaces: Interfaces
        public let ports: PortTable
        /// Bytes of a ring at first; they count as resident memory. All interfaces have one, or each that is
        /// named. Twice that once it was half full, where there is room.
        public let ring: Int
        /// Bytes that all rings may take. Named interfaces share one where there is no room for one each.
        public let rings: Int

        public init(interfaces: Interfaces, ports: PortTable, ring: Int, rings: Int = .max) {
            self.interfaces = interfaces
            self.ports = ports
            self.ring = ring
            self.rings = rings
        }

        /// Whether each of so many rings may have twice its size.
        func mayDouble(_ count: Int) -> Bool { rings / max(1, count) / 2 >= ring }

        /// Whether interfaces that were named share a ring.
        public var sharesRing: Bool {
            guard case .named(let names) = interfaces, names.count > 1 else { return false }
            return names.count > rings / max(1, ring)
        }
    }

    /// The longest that its thread sleeps.
    public static let longestPause = CaptureTimers.longestPause

    private let board: CaptureBoard
    private let wakeup: Wakeup
    private let thread: Mutex<WorkerThread?>

    /// Opens the interfaces, drops every capability of the process, and starts to read.
    ///
    /// Has to be called before the program has other threads: they would keep their capabilities.
    ///
    /// - Parameter heartbeat: called by the thread while it turns, at most ``longestPause`` apart.
    /// - Throws: when no socket at all can be opened. The capabilities are dropped then too.
    public init(
        _ settings: Settings, into engine: SharedEngine, heartbeat: @escaping @Sendable () -> Void
    ) throws(CaptureError) {
        Capabilities.raiseNetRaw()
        let opened = Self.open(settings, engine)
        Capabilities.dropAll()
        if opened.taps.isEmpty { throw opened.refused.first ?? .resources("no interface") }
        let status = CaptureStatus(
            rings: opened.taps.map(\.status), interfaces: opened.taps.flatMap(\.interfaces), refused: opened.refused)
        let board = CaptureBoard(status)
        self.board = board
        do {
            let wakeup = try Wakeup()
            let loop = CaptureLoop(
                engine, opened.taps, refused: opened.refused, ring: settings.ring, wakeup: wakeup
            ) { status in
                board.put(status)
                heartbeat()
            }
            self.wakeup = wakeup
            thread = Mutex(try WorkerThread("capture") { loop.run() })
        } catch {
            throw .resources(error.description)
        }
    }

    deinit {
        wakeup.ring()
        thread.withLock { thread in
            let running = thread.take()
            running?.join()
        }
    }

    /// How it is doing; of packets it tells within five seconds.
    public var status: CaptureStatus { board.status }

    /// Nanoseconds since 1970, as packets are stamped.
    public static func now() -> UInt64 { CaptureLoop.now() }

    private static func open(_ settings: Settings, _ engine: SharedEngine) -> (taps: [Tap], refused: [CaptureError]) {
        var taps: [Tap] = []
        var refused: [CaptureError] = []
        let present = NetworkInterface.all() ?? []
        let scopes = scopes(settings, present)
        let mayDouble = settings.mayDouble(scopes.count)
        for scope in scopes {
            do throws(CaptureError) {
                let tap = try Tap(scope, settings.ports, size: settings.ring, mayDouble: mayDouble)
                engine.feed(.raw) { _, announce in tap.begin(with: present, announce) }
                taps.append(tap)
            } catch .noCapability {
                return ([], [.noCapability])
            } catch {
                refused.append(error)
            }
        }
        return (taps, refused)
    }

    private static func scopes(_ settings: Settings, _ present: [NetworkInterface]) -> [TapScope] {
        let loopback = present.first(where: \.isLoopback)
        return switch settings.interfaces {
        case .all: [.all(loopback: loopback)]
        case .named(let names) where settings.sharesRing: [.several(names, loopback: loopback)]
        case .named(let names):
            names.map { .named($0, isLoopback: $0 == loopback?.name) }
        }
    }
}

/// Where the thread leaves its status for everyone else.
final class CaptureBoard: Sendable {
    private let newest: Mutex<CaptureStatus>

    init(_ status: CaptureStatus) {
        newest = Mutex(status)
    }

    var status: CaptureStatus { newest.withLock { $0 } }

    func put(_ status: CaptureStatus) {
        newest.withLock { $0 = status }
    }
}
