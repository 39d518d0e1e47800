import Testing

@testable import Traffic

@Suite struct PortTableTests {
    @Test func aPortIsKnownByItsProtocol() throws {
        var table = PortTable([6379, 6380], of: .redis)
        #expect(table[6379] == .redis)
        #expect(table[6381] == nil)
        try table.add([6381, 6379], of: .redis)
        #expect(table.ports(of: .redis) == [6379, 6380, 6381])
        #expect(table.all == [6379, 6380, 6381])
        #expect(MemoryLayout<WireProtocolKind?>.size == 1)
    }

    /// Every block of ports has one that is watched, and neighbours that are not.
    @Test func portsMayBeAllOverThePlace() throws {
        let watched = stride(from: UInt16(0), through: 0xFF00, by: 0x100).map { $0 | $0 >> 8 }
        var table = PortTable()
        try table.add(watched, of: .http)
        #expect((UInt16.min...UInt16.max).filter { table[$0] == .http } == watched)
        try table.add([0xFFFE], of: .postgres)
        #expect(table[0xFFFE] == .postgres && table[0xFFFF] == .http && table[0xFEFE] == .http)
    }

    @Test func aConflictSaysWhoWantsThePort() {
        let conflict = PortTable.Conflict(port: 7000, first: .redis, second: .redis)
        #expect("\(conflict)" == "port 7000 cannot be read as redis and as redis; leave it to one of them")
    }
}
