import Testing

@testable import Capture

/// What is said of a capture that lacks something.
@Suite struct CaptureStatusTests {
    @Test func nothingIsWrongWithACompleteCapture() {
        let status = CaptureStatus(
            rings: [.init(name: "lo"), .init(name: "eth0", dropped: 5)],
            interfaces: [.init(name: "lo"), .init(name: "veth1", isCaptured: false)])
        #expect(status.problem == nil)
    }

    @Test func everyProblemIsNamed() throws {
        let status = CaptureStatus(
            rings: [.init(name: "lo"), .init(name: "eth0", problem: "has gone")],
            refused: [.resources("no memory")])
        let problem = try #require(status.problem)
        #expect(problem == "interface eth0 has gone; the capture cannot start: no memory")
    }

    @Test func theCapabilityIsNamed() {
        #expect("\(CaptureError.noCapability)".contains("CAP_NET_RAW"))
        #expect("\(CaptureError.noCapability)".contains("setcap cap_net_raw+p"))
    }

    @Test func theLoopbackIsAmongTheInterfaces() throws {
        let found = NetworkInterface.all()?.first { $0.isLoopback }
        let loopback = try #require(found)
        #expect(loopback.isUp)
        #expect(loopback.index > 0)
    }
}
