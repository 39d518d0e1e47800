// The two programs of one socket between which it goes back and forth: attaching one takes no capability.

import Traffic

/// What is taken of packets while they are kept whole, and while they are kept short.
struct SnapFilters: Sendable {
    let whole: PacketFilter
    let short: PacketFilter
    /// The longest packet that is let through at all, in bytes.
    let longest: Int
    /// The longest one of those that are kept short.
    let shortest: Int
    /// The longest one of those whose length is not a matter of choice.
    private let fixed: Int

    /// - Parameter ring: bytes; four of the longest packets have room in it.
    init(_ ports: PortTable, _ scope: TapScope, ring: Int) {
        let bound = PacketRing.longestPacket(ofRing: ring)
        let kinds = WireProtocolKind.allCases.filter { !ports.ports(of: $0).isEmpty }
        func filter(whole: Bool) -> PacketFilter {
            scope.narrow(
                PacketFilter(
                    kinds.map { (ports.ports(of: $0), SnapLengths.of($0, whole: whole).bounded(by: bound)) }))
        }
        self.whole = filter(whole: true)
        short = filter(whole: false)
        longest = min(bound, kinds.reduce(0) { max($0, SnapLengths.of($1, whole: true).longest) })
        shortest = min(bound, SnapLengths.heads.longest)
        fixed = min(bound, SnapLengths.segment.longest)
    }

    /// How many bytes of a packet lie behind those that are kept in any case, where that is a matter of choice.
    @inline(__always)
    func excess(kept: Int, of length: Int) -> UInt64 {
        kept == shortest || kept > fixed ? UInt64(max(0, length - shortest)) : 0
    }
}
