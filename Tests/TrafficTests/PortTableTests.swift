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

    @Test func aConflictSaysWhoWantsThePort() {
        let conflict = PortTable.Conflict(port: 7000, first: .redis, second: .redis)
        #expect("\(conflict)" == "port 7000 cannot be read as redis and as redis; leave it to one of them")
    }
}
