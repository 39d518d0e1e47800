// Requests that libmicrohttpd cannot read, and refuses without asking: a missing Host, a length that is no number, too
// long a line, HTTP/9.9, or something else than HTTP. It would answer in HTML, 0.9.75 some of them with two heads, and
// hang up on others. They get one sentence instead, and are counted, like every other request.

import System

/// What is said on the connections of one daemon where the library would speak for itself.
final class Refusals: SocketCallObserver {
    private let table: ConnectionTable
    /// Connections on which something came that has no answer yet: there the library hangs up because of it.
    private var heard: Set<Int32> = []
    /// What is still to be sent; empty once the library has only to close the connection.
    private var unsent: [Int32: ArraySlice<UInt8>] = [:]

    init(table: ConnectionTable) {
        self.table = table
    }

    func received(isEnd: Bool, on descriptor: Int32) {
        if isEnd {
            heard.remove(descriptor)
        } else {
            heard.insert(descriptor)
        }
    }

    func speaks(
        _ words: [UInt8], on descriptor: Int32, send: (ArraySlice<UInt8>) -> Int?
    ) -> SocketCalls.Verdict {
        guard var left = unsent[descriptor] ?? refusal(of: words, on: descriptor) else { return .sent }
        while !left.isEmpty {
            guard let count = send(left) else {
                left = []
                break
            }
            if count == 0 { break }
            left = left.dropFirst(count)
        }
        unsent[descriptor] = left
        return left.isEmpty ? .dropped : .postponed
    }

    /// The request has been answered, and what the library does then is none.
    func requestEnded(on descriptor: Int32) {
        heard.remove(descriptor)
    }

    func closed(_ descriptor: Int32) {
        heard.remove(descriptor)
        unsent[descriptor] = nil
    }

    private func refusal(of words: [UInt8], on descriptor: Int32) -> ArraySlice<UInt8>? {
        guard !words.isEmpty || heard.contains(descriptor) else { return nil }
        return table.refuse(.unreadable(Self.status(of: words)), on: descriptor)?.message(at: .now)[...]
    }

    /// That of a status line; 400 where there is none.
    private static func status(of words: [UInt8]) -> Int {
        let parts = String(decoding: words, as: UTF8.self).split(separator: " ")
        return parts.count > 1 ? Int(parts[1]) ?? 400 : 400
    }
}
