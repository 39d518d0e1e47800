import TestKit
import Testing

/// What the shipped binary needs from the system.
@Suite struct LinkageTests {
    @Test func theBinaryLinksNoFoundationAndNoSwiftLibraries() async throws {
        let ldd = try ServerProcess("ldd", [Sidelong.binary], in: TemporaryFolder())
        #expect(try await ldd.exitStatus() == 0)
        let linked = ldd.output.lowercased()
        for library in ["foundation", "libicu", "libswift", "libdispatch"] {
            #expect(!linked.contains(library), "\(library)")
        }
        #expect(linked.contains("libmicrohttpd"))
    }
}
