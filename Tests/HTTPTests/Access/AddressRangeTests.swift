import Testing

@testable import HTTP

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.0/25", "192.0.2.127", true),
        ("192.0.2.0/25", "192.0.2.128", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
        ("::/0", "2001:db8::1", true), ("::/0", "203.0.113.9", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "::1", true),
        // An IPv4 client of a dual stack socket, and an IPv4 range written as IPv6.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
        ("::ffff:10.0.0.0/104", "11.1.2.3", false),
    ])
    func holds(range: String, client: String, isIn: Bool) throws {
        let client = try #require(ClientAddress(client))
        #expect(try #require(AddressRange(range)).contains(client) == isIn)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "::1%lo", "localhost",
        "10.0.0.0/ 8", "::ffff:10.0.0.0/64", "10.0.0.0/0008",
    ])
    func whatIsNoRangeIsRefused(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func aUnixSocketIsInNoRange() throws {
        #expect(try #require(AddressRange("0.0.0.0/0")).contains(.local) == false)
    }
}
