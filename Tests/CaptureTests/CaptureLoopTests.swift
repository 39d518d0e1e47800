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
        let ring = try GrowingRing(loopback, filter, size: 1 << 20, snapLength: 256)
        let engine = SharedEngine(TrafficSettings())
        // No interface has this name, so the tap stays closed, with what its ring has got already.
        let tap = Tap("gone", number: engine.addInterface("gone"), ring)
        tap.look(at: nil)
        // Nobody listens there: a segment in each direction.
        #expect(throws: (any Error).self) { try RawSocket(port: port) }
        try await eventually("packets in the ring") { tap.ring.isReadable }

        engine.askMeter(at: CaptureLoop.now())
        let wakeup = try Wakeup()
        let loop = CaptureLoop(engine, [tap], refused: [], wantsAll: false, wakeup: wakeup) { _ in }
        let thread = try WorkerThread("capture") { loop.run() }
        var failure: (any Error)?
        do {
            try await eventually("the meter's answer") { engine.meterReading != nil }
        } catch {
            failure = error
        }
        wakeup.ring()
        thread.join()
        if let failure { throw failure }
    }
}
