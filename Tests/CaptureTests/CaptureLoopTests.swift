import System
import TestKit
import Testing
import Traffic

@testable import Capture

/// The capture's thread on a real interface; needs CAP_NET_RAW.
@Suite struct CaptureLoopTests {
    @Test func packetsOfAnInterfaceThatHasGoneDoNotHoldUpTime() async throws {
        let port = try freePort()
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        let filter = try PacketFilter(ports: [UInt16(port)], snapLength: 256)
        let ring = try GrowingRing(filter, ignoresOutgoing: true, size: 1 << 20, snapLength: 256)
        let engine = SharedEngine(TrafficSettings())
        // Its interface is there once, and has gone since; the tap stays closed, with what its ring gets still.
        let tap = Tap(.named("gone", isLoopback: true), ring)
        let gone = NetworkInterface(name: "gone", index: loopback.index, isUp: true, isLoopback: true)
        engine.feed(.raw) { _, announce in tap.begin(with: [gone], announce) }
        tap.look(at: [])
        // Nobody listens there: a segment in each direction.
        #expect(throws: (any Error).self) { try RawSocket(port: port) }
        try await eventually("packets in the ring") { tap.ring.isReadable }

        engine.askMeter(at: CaptureLoop.now())
        let wakeup = try Wakeup()
        let loop = CaptureLoop(engine, [tap], refused: [], wakeup: wakeup) { _ in }
        let thread = try WorkerThread("capture") { loop.run() }
        var failure: (any Error)?
        do {
            try await eventually("the meter's answer") { engine.meterReading() != nil }
        } catch {
            failure = error
        }
        wakeup.ring()
        thread.join()
        if let failure { throw failure }
    }
}
