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
        let engine = SharedEngine(TrafficSettings())
        // Its interface is there once, and has gone since; the tap stays closed, with what its ring gets still.
        let ports = PortTable([UInt16(port)], of: .redis)
        let tap = try Tap(.named("gone", isLoopback: true), ports, size: 1 << 20, mayDouble: false)
        let gone = NetworkInterface(name: "gone", index: loopback.index, isUp: true, isLoopback: true)
        engine.feed(.raw) { _, announce in tap.begin(with: [gone], announce) }
        tap.look(at: [])
        // Nobody listens there: a segment in each direction.
        #expect(throws: (any Error).self) { try RawSocket(port: port) }
        try await eventually("packets in the ring") { tap.ring.isReadable }

        engine.askMeter(at: CaptureLoop.now())
        let wakeup = try Wakeup()
        let loop = CaptureLoop(engine, [tap], refused: [], ring: 1 << 20, wakeup: wakeup) { _ in }
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

    /// Each packet of the loopback passes twice, going out and coming in.
    @Test func eachPacketOfTheLoopbackComesOnce() async throws {
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        for scope in [TapScope.named(loopback.name, isLoopback: true), .all(loopback: loopback)] {
            let port = try freePort()
            let tap = try Tap(scope, PortTable([UInt16(port)], of: .redis), size: 1 << 20, mayDouble: false)
            let engine = SharedEngine(TrafficSettings())
            engine.feed(.raw) { _, announce in tap.begin(with: [loopback], announce) }
            // Nobody listens there: a segment in each direction.
            for _ in 0..<3 { #expect(throws: (any Error).self) { try RawSocket(port: port) } }
            var lengths: [Int] = []
            try await eventually("packets in the ring") {
                tap.read({ packet, _, _, _ in lengths.append(packet.count) }, { _ in 0 })
                return lengths.count >= 6
            }
            try await eventually("the end of the ring") { !tap.ring.isReadable }
            #expect(lengths.count == 6)
        }
    }

    @Test func aFilterIsSwappedWhileThingsGoOn() async throws {
        let redis = try await RedisServer()
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        let tap = try Tap(
            .all(loopback: loopback), PortTable([UInt16(redis.port)], of: .redis), size: 1 << 20, mayDouble: false)
        SharedEngine(TrafficSettings()).feed(.raw) { _, announce in tap.begin(with: [loopback], announce) }
        let socket = try RawSocket(port: redis.port)
        let command = "*3\r\n$3\r\nSET\r\n$1\r\nv\r\n$30000\r\n" + String(repeating: "x", count: 30_000) + "\r\n"
        for (whole, status) in [(true, 65_535), (false, 4096), (true, 65_535)] {
            tap.keep(whole: whole)
            #expect(tap.status.kept == status)
            try socket.send(command)
            _ = try socket.receive()
            var longest = (kept: 0, length: 0)
            try await eventually("the packet") {
                tap.read(
                    { packet, length, _, _ in
                        if length > longest.length { longest = (packet.count, length) }
                    }, { _ in 0 })
                return longest.length > 4096 && !tap.ring.isReadable
            }
            #expect(longest.kept == (whole ? longest.length : 4096))
        }
        #expect(tap.excess > 3 * 20_000)
    }

    /// A client goes on all the time; every command of it is measured, those of the moment of change, too.
    @Test func aRingGrowsWithoutALoss() async throws {
        let redis = try await RedisServer()
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        var settings = TrafficSettings()
        settings.ports = PortTable([UInt16(redis.port)], of: .redis)
        let tap = try Tap(.all(loopback: loopback), settings.ports, size: 1 << 20, mayDouble: true)
        let engine = SharedEngine(settings)
        engine.feed(.raw) { _, announce in tap.begin(with: [loopback], announce) }
        #expect(!tap.mayGrow)
        let socket = try RawSocket(port: redis.port)
        let command = "*3\r\n$3\r\nSET\r\n$1\r\nv\r\n$1000\r\n" + String(repeating: "x", count: 1000) + "\r\n"
        var commands = 0
        while !tap.ring.isHalfFull {
            try socket.send(command)
            _ = try socket.receive()
            commands += 1
        }
        // Few enough for the smaller ring alone: on a busy machine nobody may read for as long as they come.
        let client = Task.detached {
            for _ in 0..<200 {
                try socket.send(command)
                _ = try socket.receive()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        engine.feed(.raw) { take, announce in tap.read(take, announce) }
        try await eventually("a larger ring") { tap.mayGrow }
        engine.feed(.raw) { take, announce in tap.grow(take, announce) }
        #expect(tap.ring.size == 2 << 20 && !tap.mayGrow)
        try await eventually("all commands") {
            while tap.ring.isReadable { engine.feed(.raw) { take, announce in tap.read(take, announce) } }
            return engine.snapshot().redis[0].pairedCommands == commands + 200
        }
        try await client.value
    }
}
