// The kernel says when an interface comes, goes or changes (rtnetlink(7)). What it says is not read: it is enough to
// know that it has.

import CRouteNetlink
import Glibc

/// A socket that gets a message for each change of an interface of this network namespace, closed with its owner.
struct LinkNews: ~Copyable {
    /// Readable when there is news.
    let descriptor: Int32

    /// Nil where the kernel has no such socket, or the process no descriptor left.
    init?() {
        let descriptor = socket(
            AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), NETLINK_ROUTE)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_nl()
        address.nl_family = UInt16(AF_NETLINK)
        address.nl_groups = UInt32(RTMGRP_LINK)
        let status = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Whether anything has changed since this was asked for the last time.
    func take() -> Bool {
        var byte: UInt8 = 0
        var hasCome = false
        // More than the socket has room for is an error once, and news as well.
        while unsafe recv(descriptor, &byte, 1, 0) >= 0 || errno == ENOBUFS { hasCome = true }
        return hasCome
    }
}
