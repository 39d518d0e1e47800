import Glibc
import Testing

@testable import Capture

/// The names and numbers of interfaces that come and go.
@Suite struct InterfaceRosterTests {
    /// An engine's list of announced names.
    private final class Names {
        var announced: [String] = []

        func announce(_ name: String) -> Int {
            announced.append(name)
            return announced.count - 1
        }
    }

    private func interface(_ name: String, _ index: UInt32, isUp: Bool = true) -> NetworkInterface {
        NetworkInterface(name: name, index: index, isUp: isUp, isLoopback: false)
    }

    @Test func aNameKeepsItsNumber() {
        let names = Names()
        var roster = InterfaceRoster()
        #expect(roster.number(of: "eth0", names.announce) == 0)
        roster.look(at: [interface("eth0", 900_001)])
        #expect(roster.number(of: 900_001, names.announce) == 0)
        roster.look(at: [])
        #expect(roster.interfaces(withThoseGone: false).isEmpty)
        #expect(roster.interfaces(withThoseGone: true) == [.init(name: "eth0", isCaptured: false)])
        // It is made anew, under another number of the kernel's.
        roster.look(at: [interface("eth0", 900_002)])
        #expect(roster.number(of: 900_002, names.announce) == 0)
        #expect(names.announced == ["eth0"])
        #expect(roster.interfaces(withThoseGone: false) == [.init(name: "eth0", isCaptured: true, returns: 1)])
    }

    @Test func anInterfaceThatIsDownIsShown() {
        var roster = InterfaceRoster()
        _ = roster.number(of: "eth0") { _ in 0 }
        roster.look(at: [interface("eth0", 900_001, isUp: false)])
        #expect(roster.interfaces(withThoseGone: false) == [.init(name: "eth0", isCaptured: false, returns: 0)])
        roster.look(at: [interface("eth0", 900_001)])
        #expect(roster.interfaces(withThoseGone: false) == [.init(name: "eth0", isCaptured: true, returns: 0)])
    }

    /// Each with the number that the kernel gives for its name; some may go meanwhile.
    @Test func eachHasItsNumber() throws {
        let found = try #require(NetworkInterface.all())
        #expect(found.contains { $0.isLoopback })
        for interface in found {
            let number = unsafe if_nametoindex(interface.name)
            #expect(number == interface.index || number == 0)
        }
    }

    /// The loopback is there on every machine; its packets may come before the machine was looked at.
    @Test func aPacketMayBeFirst() throws {
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        let names = Names()
        var roster = InterfaceRoster()
        #expect(roster.number(of: loopback.index, names.announce) == 0)
        #expect(roster.number(of: loopback.index, names.announce) == 0)
        #expect(names.announced == [loopback.name])
        // An interface that has gone already has no name.
        #expect(roster.number(of: 900_001, names.announce) == 1)
        #expect(names.announced == [loopback.name, "others"])
    }

    @Test func hundredsShareOneName() {
        let names = Names()
        var roster = InterfaceRoster()
        let numbers = (0..<300).map { roster.number(of: "veth\($0)", names.announce) }
        #expect(names.announced.count == 65)
        #expect(names.announced.last == "others")
        #expect(Set(numbers.suffix(236)) == [64])
        #expect(roster.number(of: "veth7", names.announce) == 7)
    }
}
