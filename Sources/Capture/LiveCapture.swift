// A live capture: the interfaces are opened while the capability is at hand, the capability is dropped, and the thread
// starts without it.

import Synchronization
import System
import Traffic

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
        public let ports: [UInt16]
        /// What each ring may grow to, in bytes; they count as resident memory.
        public let ring: Int
        /// Bytes kept of each packet. Bodies are skipped by length, but a command whose beginning is cut off is lost.
        public let snapLength: Int

        public init(interfaces: Interfaces, ports: [UInt16], ring: Int, snapLength: Int) {
            self.interfaces = interfaces
            self.ports = ports
            self.ring = ring
            self.snapLength = snapLength
        }
    }

    private let board: CaptureBoard
    private let wakeup: Wakeup
    private let thread: Mutex<WorkerThread?>

    /// Opens the interfaces, drops every capability of the process, and starts to read.
    ///
    /// Has to be called before the program has other threads: they would keep their capabilities.
    ///
    /// - Parameter heartbeat: called by the thread once a second while it turns.
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
                engine, opened.taps, refused: opened.refused, wakeup: wakeup
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

    /// How it is doing; at most a second old.
    public var status: CaptureStatus { board.status }

    /// Nanoseconds since 1970, as packets are stamped.
    public static func now() -> UInt64 { CaptureLoop.now() }

    private static func open(_ settings: Settings, _ engine: SharedEngine) -> (taps: [Tap], refused: [CaptureError]) {
        var taps: [Tap] = []
        var refused: [CaptureError] = []
        let present = NetworkInterface.all() ?? []
        for scope in scopes(settings.interfaces, present) {
            do throws(CaptureError) {
                let filter = try PacketFilter(ports: settings.ports, snapLength: settings.snapLength)
                let ring = try GrowingRing(
                    scope.narrow(filter), ignoresOutgoing: scope.isLoopback, size: settings.ring,
                    snapLength: settings.snapLength)
                let tap = Tap(scope, ring)
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

    private static func scopes(_ wanted: Interfaces, _ present: [NetworkInterface]) -> [TapScope] {
        let loopback = present.first(where: \.isLoopback)
        return switch wanted {
        case .all: (loopback.map { [.loopback($0)] } ?? []) + [.others(than: loopback)]
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
