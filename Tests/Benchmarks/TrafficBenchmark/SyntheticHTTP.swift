// A gateway's traffic in memory: connections that stay, heads as browsers send them.

/// GET with a head of some 400 bytes, and answers with 1 KiB, a number of them at a time.
struct SyntheticHTTP {
    /// The packets of the requests that were made last.
    private(set) var traffic = SyntheticTraffic()
    private var clients: [Client]
    private var made = 0
    private let paths: Int

    private static let fields =
        " HTTP/1.1\r\nHost: gateway.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 "
        + "Firefox/140.0\r\nAccept: application/json, text/plain, */*\r\nAccept-Encoding: gzip, deflate, br\r\n"
        + "Accept-Language: en-US,en;q=0.9\r\nConnection: keep-alive\r\nCookie: theme=dark; session="
        + String(repeating: "c", count: 64) + "\r\nX-Request-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\n\r\n"
    private static let answer = Array(
        ("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 28 Nov 2026 23:00:00 GMT\r\nContent-Type: "
            + "application/json\r\nContent-Length: 1024\r\nConnection: keep-alive\r\n\r\n"
            + String(repeating: "b", count: 1_024)).utf8)

    /// Opens the connections.
    ///
    /// - Parameter paths: how many different paths there are.
    init(paths: Int, connections: Int) {
        self.paths = paths
        clients = (0..<connections).map { Client(number: $0, server: 80) }
        for index in clients.indices { clients[index].open { traffic.add($0) } }
    }

    /// Makes further requests in place of those that were made before.
    mutating func proceed(by requests: Int) {
        traffic.removeAll()
        make(requests)
    }

    /// Makes further requests behind those that were made before.
    mutating func make(_ requests: Int) {
        for _ in 0..<requests {
            let head = "GET /api/\(word(made % paths))/\(made % paths)/orders?page=2" + Self.fields
            clients[made % clients.count].exchange(Array(head.utf8), Self.answer) { traffic.add($0) }
            made += 1
        }
    }

    /// Few paths are grouped by their numbers; of many each has a word of its own.
    private func word(_ number: Int) -> String {
        guard paths > 1_000 else { return "users" }
        let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        return String(decoding: [1, 26, 676, 17_576].map { letters[number / $0 % 26] }, as: UTF8.self)
    }
}
