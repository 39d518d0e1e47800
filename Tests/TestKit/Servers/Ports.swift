import Glibc
import Synchronization

/// Where the search for the next free port begins: each process elsewhere, so that runs side by side do not meet.
private let candidates = Atomic<Int>(Int(getpid()) &* 61)

/// A TCP port on 127.0.0.1 that nobody listens on at this moment, and that no other test of this process was given.
///
/// From below the range out of which the kernel serves outgoing connections: one of those could take the port before
/// the server that it is meant for.
public func freePort() throws -> Int {
    let range = 15_000..<32_000
    for _ in range {
        let next = candidates.add(1, ordering: .relaxed).oldValue
        let port = range.lowerBound + next % range.count
        if isFree(port) { return port }
    }
    throw NeverHappened(description: "no free port in \(range)")
}

private func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
