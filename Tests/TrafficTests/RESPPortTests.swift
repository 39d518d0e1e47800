import TestKit
import Testing

@testable import Traffic

/// The ports that RESP passes in a capture file.
@Suite struct RESPPortTests {
    private func servers(_ files: CaptureFile...) -> [UInt16] {
        var ports = RESPPorts()
        for packet in files.flatMap(\.packets) {
            ports.look(at: packet.frame.span, originalLength: packet.frame.count, link: .ethernet)
        }
        return ports.servers
    }

    private func redis(_ port: UInt16, commands: Int, reply: String) -> CaptureFile {
        var file = CaptureFile(serverPort: port)
        file.connect(50_000, at: 1000)
        for index in 0..<commands {
            file.exchange(50_000, ["GET", "key"], reply, at: UInt64(index + 1) * 1_000_000, taking: 1000)
        }
        return file
    }

    @Test(arguments: ["+OK\r\n", "-ERR no\r\n", ":-5\r\n", "$-1\r\n", "$5\r\nvalue\r\n", "$9999\r\ncut"])
    func oneKindOfReplyIsEnough(reply: String) {
        #expect(servers(redis(7000, commands: 1, reply: reply)) == [7000])
    }

    @Test func theBusiestIsFirst() {
        let (few, many) = (redis(7000, commands: 2, reply: "+OK\r\n"), redis(7001, commands: 5, reply: "+OK\r\n"))
        #expect(servers(few, many) == [7001, 7000])
    }

    /// An answer of several elements begins like a request; that does not make its client a server.
    @Test func clientsAreNoServers() {
        var file = redis(7000, commands: 1, reply: "+OK\r\n")
        file.exchange(50_000, ["LRANGE", "l", "0", "1"], "*1\r\n$1\r\na\r\n", at: 5_000_000, taking: 1000)
        #expect(servers(file) == [7000])
    }

    @Test func otherProtocolsAreNone() {
        var file = CaptureFile(serverPort: 80)
        file.connect(50_000, at: 1000)
        file.request(50_000, "GET / HTTP/1.1\r\n\r\n", at: 2000)
        file.reply(50_000, "HTTP/1.1 200 OK\r\n\r\n", at: 3000)
        file.request(50_000, "* not a number\r\n$\r\n", at: 4000)
        file.reply(50_000, "+", at: 5000)
        #expect(servers(file) == [])
    }
}
