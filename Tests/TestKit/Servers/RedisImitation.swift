import Synchronization

/// A server that speaks Redis' protocol and answers each command as a test wants, for servers that cannot be had here.
public final class RedisImitation: Sendable {
    private let server: FakeServer
    private let log: Log

    public var port: Int { server.port }
    /// `127.0.0.1:PORT`.
    public var address: String { "127.0.0.1:\(port)" }
    /// Every command so far, over all connections.
    public var commands: [[String]] { log.commands.withLock { $0 } }

    private final class Log: Sendable {
        let commands = Mutex<[[String]]>([])
    }

    /// - Parameter answer: the reply to a command in the bytes of the protocol; nil hangs up.
    public init(_ answer: @escaping @Sendable (_ command: [String]) -> String?) throws {
        let log = Log()
        self.log = log
        server = try FakeServer { client in
            var rest = ""
            while true {
                let text = client.receive()
                if text.isEmpty { return }
                rest += text
                while let command = Self.takeCommand(&rest) {
                    log.commands.withLock { $0.append(command) }
                    guard let reply = answer(command), client.send(reply) else { return }
                }
            }
        }
    }

    /// How often a command was asked, by its first words.
    public func count(_ words: String...) -> Int {
        commands.count { $0.starts(with: words) }
    }

    /// A bulk string.
    public static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    /// An array of bulk strings.
    public static func list(_ texts: [String]) -> String {
        "*\(texts.count)\r\n" + texts.map(bulk).joined()
    }

    /// What a server answers to a command that it does not have.
    public static func unknown(_ command: [String]) -> String {
        "-ERR unknown command '\(command[0])', with args beginning with: \r\n"
    }

    /// Takes a whole command off the front of what was received.
    private static func takeCommand(_ text: inout String) -> [String]? {
        var bytes = Array(text.utf8)[...]
        guard let count = takeLength(&bytes) else { return nil }
        var words: [String] = []
        for _ in 0..<count {
            guard let length = takeLength(&bytes), bytes.count >= length + 2 else { return nil }
            words.append(String(decoding: bytes.prefix(length), as: UTF8.self))
            bytes = bytes.dropFirst(length + 2)
        }
        text = String(decoding: bytes, as: UTF8.self)
        return words
    }

    /// Takes a line such as `*3` or `$5`.
    private static func takeLength(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\r")), end + 1 < bytes.endIndex else { return nil }
        let length = Int(String(decoding: bytes[bytes.startIndex + 1..<end], as: UTF8.self))
        bytes = bytes[(end + 2)...]
        return length
    }
}
