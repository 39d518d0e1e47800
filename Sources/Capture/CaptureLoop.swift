// The capture's thread: it sleeps in poll(2) until an interface has packets, feeds them to the engine in bounded
// batches, and looks after the interfaces now and then. Where nothing comes it does nothing else.

import Glibc
import System
import Traffic

/// Everything that the capture's thread owns and does.
final class CaptureLoop {
    /// The kernel has handed over all packets older than this. In nanoseconds.
    private static let settled = 3 * UInt64(PacketRing.timeout) * 1_000_000
    /// How long after the last packets there is nothing left of their time that could still come.
    private static let settling = Duration.milliseconds(4 * Int(PacketRing.timeout))

    /// Where the descriptors stand that poll(2) is asked for; those of the taps follow.
    private enum Place {
        static let wakeup = 0
        static let watch = 1
        static let taps = 2
    }

    private let engine: SharedEngine
    private let taps: [Tap]
    private let wakeup: Wakeup
    /// What poll(2) is asked, by ``Place``.
    private var descriptors: [pollfd]
    private let publish: (CaptureStatus) -> Void
    private var status: CaptureStatus
    private var choice: SnapChoice
    private var watch = InterfaceWatch()
    private var timers: CaptureTimers

    init(
        _ engine: SharedEngine, _ taps: [Tap], refused: [CaptureError], ring: Int, wakeup: Wakeup,
        publish: @escaping (CaptureStatus) -> Void
    ) {
        self.engine = engine
        self.taps = taps
        self.wakeup = wakeup
        descriptors = ([wakeup.descriptor, watch.descriptor] + taps.map { _ in -1 }).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        self.publish = publish
        timers = CaptureTimers(settling: Self.settling, hearsOfInterfaces: watch.hears, at: .now)
        status = CaptureStatus(refused: refused)
        choice = SnapChoice(ring: ring, at: .now)
    }

    /// Runs until the wake-up rings.
    func run() {
        while wait() {
            let now = Self.now()
            let woken = ContinuousClock.now
            if descriptors[Place.watch].revents != 0 {
                watch.hear()
                timers.interfacesChanged(at: woken)
            }
            let arrivals = descriptors.dropFirst(Place.taps)
            if arrivals.contains(where: { $0.revents != 0 }) {
                for (tap, arrival) in zip(taps, arrivals) where arrival.revents != 0 { read(tap) }
                timers.packetsCame(at: woken)
                if choice.isDue(excess, at: woken) { choose() }
            }
            // All that came before now has been handed over and read, but for what is a few milliseconds old.
            if !taps.contains(where: { $0.isOpen && $0.ring.isReadable }) {
                engine.advance(to: now - min(now, Self.settled))
                for tap in taps where tap.mayGrow {
                    engine.feed(.raw) { take, announce in tap.grow(take, announce) }
                }
                timers.timePassed(at: woken)
            }
            if timers.isLookDue(at: woken) {
                look()
                timers.looked(at: .now)
            }
        }
    }

    /// Milliseconds for poll(2).
    private var pause: Int32 {
        let rest = max(.zero, ContinuousClock.now.duration(to: timers.next)).components
        return Int32(clamping: rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Waits until there is something to do; false when it is to end.
    private func wait() -> Bool {
        for (place, tap) in taps.enumerated() {
            descriptors[Place.taps + place].fd = tap.isOpen ? tap.ring.descriptor : -1
        }
        // After an error of poll(2), as with a signal, nothing is said of any of them.
        let count = unsafe poll(&descriptors, nfds_t(descriptors.count), pause)
        guard count > 0 else {
            for place in descriptors.indices { descriptors[place].revents = 0 }
            return true
        }
        return descriptors[Place.wakeup].revents == 0
    }

    private func read(_ tap: Tap) {
        guard tap.ring.isReadable else { return tap.checkForErrors() }
        engine.feed(.raw) { take, announce in tap.read(take, announce) }
    }

    private func look() {
        if let interfaces = watch.look() {
            for tap in taps { tap.look(at: interfaces) }
        }
        if choice.isDue(excess, at: .now) { choose() }
        status.rings = taps.map(\.status)
        status.interfaces = taps.flatMap(\.interfaces)
        status.processorSeconds = Self.processorSeconds()
        publish(status)
    }

    private var excess: UInt64 { taps.reduce(0) { $0 &+ $1.excess } }

    /// Keeps packets whole or short, by what they have brought.
    private func choose() {
        let (totals, arrivals) = engine.redisTraffic
        let packets = taps.reduce(0) { $0 &+ $1.ring.packets }
        let wasWhole = choice.isWhole
        let counts = SnapChoice.Counts(
            excess: excess, packets: packets, arrived: arrivals, settled: totals.seen, blind: totals.blindCuts)
        choice.look(counts, at: .now)
        guard choice.isWhole != wasWhole else { return }
        for tap in taps { tap.keep(whole: choice.isWhole) }
    }

    /// Nanoseconds since 1970, as packets are stamped. A clock outside of 1970 to 2554 shows the nearer end of that.
    static func now() -> UInt64 {
        let (seconds, rest) = WallClock.now
        guard seconds >= 0 else { return 0 }
        let (nanoseconds, isTooLate) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLate ? .max : nanoseconds &+ UInt64(rest)
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
