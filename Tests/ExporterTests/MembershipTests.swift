import Testing

@testable import Exporter

struct MembershipTests {
    @Test func whoJoinsAndLeavesFollowsFromTheLooks() {
        var membership = Membership()
        #expect(membership.take(["a", "b"]).joined.map(\.name) == ["a", "b"])
        #expect(membership.take(["b", "a"]) == Membership.Change())
        let change = membership.take(["b", "c"])
        #expect(change.left == ["a"])
        #expect(change.joined.map(\.name) == ["c"])
        #expect(membership.take([]).left == ["b", "c"])
        #expect(membership.take(["a"]).joined.map(\.name) == ["a"])
    }

    /// However many there are, no two are polled at nearly the same time.
    @Test(arguments: [3, 6, 20, 100]) func membersTakeTurns(count: Int) {
        var membership = Membership()
        let shares = membership.take((0..<count).map(String.init)).joined.map(\.share).sorted()
        #expect(shares[0] == 0 && shares[count - 1] < 1)
        let gaps = zip(shares, shares.dropFirst() + [1]).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 > 0.38 / Double(count) })
    }
}
