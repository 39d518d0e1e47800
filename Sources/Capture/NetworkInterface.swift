// The machine's network interfaces, for `--wire.interfaces=auto` and to notice that one has gone and come back.

import Glibc

/// A network interface at this moment.
struct NetworkInterface: Sendable, Equatable {
    let name: String
    /// The kernel's number; an interface that is made anew under the same name has another.
    let index: UInt32
    let isUp: Bool
    let isLoopback: Bool

    /// The name of the interface that has this number now; nil when there is none.
    static func name(of index: UInt32) -> String? {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard unsafe if_indextoname(index, &name) != nil else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// All interfaces of this network namespace, by name (getifaddrs(3)); nil when they cannot be read, which is so
    /// while the process has no descriptor left.
    static func all() -> [NetworkInterface]? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return nil }
        defer { unsafe freeifaddrs(first) }
        var found: [String: NetworkInterface] = [:]
        var next = unsafe first
        while let entry = unsafe next {
            let name = unsafe String(cString: entry.pointee.ifa_name)
            let flags = unsafe Int(entry.pointee.ifa_flags)
            unsafe next = entry.pointee.ifa_next
            // It comes once for each of its addresses, that of the link layer first, if it has one.
            guard found[name] == nil else { continue }
            let index = unsafe PacketSocket.interfaceIndex(of: entry.pointee.ifa_addr) ?? if_nametoindex(name)
            if index == 0, errno == EMFILE || errno == ENFILE { return nil }
            found[name] = NetworkInterface(
                name: name, index: index, isUp: flags & Int(IFF_UP) != 0,
                isLoopback: flags & Int(IFF_LOOPBACK) != 0)
        }
        return found.values.sorted { $0.name < $1.name }
    }
}
