// The kernel passes on only what may be Redis traffic. Without a filter every packet of the machine would have to be
// copied, looked at and thrown away.

/// A filter expression in the language of pcap-filter(7).
enum PacketFilter {
    /// TCP to or from these ports.
    static func plain(ports: [UInt16]) -> String {
        ports.map { "tcp port \($0)" }.joined(separator: " or ")
    }

    /// The same, also inside a VLAN tag. `vlan` moves the offsets of all that follows it, so it has to come last.
    static func withVLAN(ports: [UInt16]) -> String {
        "(\(plain(ports: ports))) or (vlan and (\(plain(ports: ports))))"
    }
}
