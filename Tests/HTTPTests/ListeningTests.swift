import Foundation
import Glibc
import TestKit
import Testing

@testable import HTTP

/// Where a server listens, and why it could not.
@Suite struct ListeningTests {
    @Test func takenPortIsNamedWithItsReason() throws {
        let test = try TestServer()
        let address = ListenAddress.tcp(host: "127.0.0.1", port: UInt16(test.port))
        let expected = HTTPServerError.cannotListen(
            address, reason: "the address is in use; another process listens there")
        #expect(throws: expected) { try TestServer("127.0.0.1:\(test.port)") }
        #expect("\(expected)".contains("127.0.0.1:\(test.port): the address is in use"))
    }

    @Test func portIsTakenOnEveryAddressToo() throws {
        let test = try TestServer(":0")
        #expect(throws: HTTPServerError.self) { try TestServer(":\(test.port)") }
    }

    @Test func foreignAddressIsNamedWithItsReason() throws {
        let expected = HTTPServerError.cannotListen(
            .tcp(host: "192.0.2.1", port: 9121), reason: "this machine does not have that address")
        #expect(throws: expected) { try TestServer("192.0.2.1:9121") }
    }

    @Test func noAddressAtAllIsAnError() {
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(HTTPServer.Configuration(addresses: [])) { _ in .line(200, "") }
        }
    }

    @Test func unknownHostIsNamed() throws {
        #expect(throws: HTTPServerError.self) { try TestServer("no-such-host.invalid:9121") }
    }

    @Test func withoutHostBothFamiliesAreServed() throws {
        let test = try TestServer(":0")
        #expect(try request(port: test.port, "/").text == "hello 127.0.0.1\n")
        let client = try RawSocket.connected(to: try loopback6(port: test.port))
        try client.get()
        #expect(try client.answer().text == "hello ::1\n")
    }

    @Test func sixAloneIsServed() throws {
        let test = try TestServer("[::1]:0")
        let client = try RawSocket.connected(to: try loopback6(port: test.port))
        try client.get()
        #expect(try client.answer().status == 200)
    }

    @Test func severalAddressesShareOneServer() throws {
        let server = try HTTPServer(
            HTTPServer.Configuration(addresses: [
                .tcp(host: "127.0.0.1", port: 0), .tcp(host: "localhost", port: 0),
            ])
        ) { _ in .line(200, "here") }
        for address in server.addresses { #expect(try request(port: address.port!, "/").text == "here\n") }
    }

    @Test func nothingIsLeftWhenOneOfTheAddressesFails() throws {
        let taken = try TestServer()
        let free = UInt16(try freePort())
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(
                HTTPServer.Configuration(addresses: [
                    .tcp(host: "127.0.0.1", port: free), .tcp(host: "127.0.0.1", port: UInt16(taken.port)),
                ])
            ) { _ in .line(200, "") }
        }
        #expect(throws: (any Error).self) { try RawSocket(port: Int(free)) }
    }

    @Test func unixSocketIsServedAndItsFileGoesWithTheServer() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("http.sock")
        do {
            let test = try TestServer("unix://\(path)")
            let client = try RawSocket.connected(to: SocketAddress(path: path))
            try client.get()
            #expect(try client.answer().text == "hello local\n")
            test.server.stop(within: .seconds(5))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func unixSocketThatIsServedIsNotTaken() throws {
        let folder = try TemporaryFolder()
        let first = try TestServer("unix://\(folder.path("http.sock"))")
        #expect(throws: HTTPServerError.self) { try TestServer("unix://\(folder.path("http.sock"))") }
        let client = try RawSocket.connected(to: SocketAddress(path: folder.path("http.sock")))
        try client.get()
        #expect(try client.answer().status == 200)
        first.server.stop(within: .seconds(5))
    }

    @Test func unixSocketLeftByADeadServerIsReplaced() throws {
        let folder = try TemporaryFolder()
        let address = SocketAddress(path: folder.path("http.sock"))
        let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(unsafe address.withPointer { unsafe bind(dead, $0, $1) } == 0)
        close(dead)
        let test = try TestServer("unix://\(folder.path("http.sock"))")
        let client = try RawSocket.connected(to: address)
        try client.get()
        #expect(try client.answer().status == 200)
        test.server.stop(within: .seconds(5))
    }

    @Test func fileThatIsNoSocketIsKept() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("precious", to: "http.sock")
        #expect(throws: HTTPServerError.self) { try TestServer("unix://\(path)") }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    private func loopback6(port: Int) throws -> SocketAddress {
        let found = try SocketAddress.toListen(onHost: "::1", port: UInt16(port))
        return try #require(found.first)
    }
}
