import Glibc

/// A TCP port on 127.0.0.1 that nobody listens on at this moment.
public func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw NeverHappened(description: "socket: errno \(errno)") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            let bound = unsafe bind(descriptor, generic, length)
            return bound == 0 ? unsafe getsockname(descriptor, generic, &length) : bound
        }
    }
    guard status == 0 else { throw NeverHappened(description: "bind: errno \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
}
