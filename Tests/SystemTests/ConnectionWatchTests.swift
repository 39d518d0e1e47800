import Glibc
import Synchronization
import TestKit
import Testing

@testable import System

/// The process' own ends, as the kernel tells them.
@Suite struct ConnectionWatchTests {
    @Test func aSocketHasAnEndFromItsConnectOn() throws {
        let listener = try Listener()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        #expect(LocalEndpoint(of: descriptor) == nil)
        try listener.connect(descriptor)
        let local = try #require(LocalEndpoint(of: descriptor))
        #expect(local.address == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1])
        #expect(local.port > 0 && local.port != listener.port)
    }

    @Test func unixSocketsHaveNone() {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        #expect(LocalEndpoint(of: descriptor) == nil)
    }

    @Test func beginningAndEndAreTold() throws {
        let told = Mutex<[String]>([])
        let watch = ConnectionWatch(
            opened: { local in told.withLock { $0.append("opened \(local.port)") } },
            closed: { local in told.withLock { $0.append("closed \(local.port)") } })
        let listener = try Listener()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        try listener.connect(descriptor)
        let port = try #require(LocalEndpoint(of: descriptor)?.port)
        do {
            let watched = WatchedConnection(descriptor, watch)
            #expect(told.withLock { $0 } == ["opened \(port)"])
            _ = consume watched
        }
        #expect(told.withLock { $0 } == ["opened \(port)", "closed \(port)"])
    }

    @Test func nobodyNeedsToListen() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let isWatched = WatchedConnection(descriptor, nil) != nil
        #expect(!isWatched)
    }
}

/// A socket that listens on a free port of 127.0.0.1.
private final class Listener {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let port: UInt16

    init() throws {
        let free = try freePort()
        port = UInt16(free)
        let bound = unsafe Self.with(port) { unsafe bind(descriptor, $0, $1) }
        try #require(bound == 0 && listen(descriptor, 8) == 0)
    }

    deinit { close(descriptor) }

    func connect(_ client: Int32) throws {
        let connected = unsafe Self.with(port) { unsafe Glibc.connect(client, $0, $1) }
        try #require(connected == 0)
    }

    private static func with(_ port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
