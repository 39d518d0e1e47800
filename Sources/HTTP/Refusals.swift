// Requests that libmicrohttpd cannot read, and refuses without asking: a missing Host, a length that is no number, too
// long a line, HTTP/9.9, or something else than HTTP. It would answer in HTML, 0.9.75 some of them with two heads, and
// hang up on others. They get one sentence instead, and are counted, like every other request.

import System

/// Answers on the connections of one daemon what the library would answer by itself.
final class Refusals: SocketCallObserver {
    private let table: ConnectionTable
    /// Connections on which something came that has no answer yet: there the library hangs up because of it.
    private var unanswered: Set<Int32> = []
    /// What is still to be sent; empty once the library has only to close the connection.
    private var unsent: [Int32: ArraySlice<UInt8>] = [:]

    init(table: ConnectionTable) {
        self.table = table
    }

    func received(isEnd: Bool, on descriptor: Int32) {
        if isEnd {
            unanswered.remove(descriptor)
        } else {
            unanswered.insert(descriptor)
        }
    }

    func willSend(
        _ bytes: [UInt8], on descriptor: Int32, send: (ArraySlice<UInt8>) -> Int?
    ) -> SocketCalls.Outgoing {
        guard var left = unsent[descriptor] ?? refusal(insteadOf: bytes, on: descriptor) else { return .pass }
        while !left.isEmpty {
            guard let count = send(left) else {
                left = []
                break
            }
            if count == 0 { break }
            left = left.dropFirst(count)
        }
        unsent[descriptor] = left
        return left.isEmpty ? .drop : .retry
    }

    /// The request has been answered, and what the library does then is none.
    func requestEnded(on descriptor: Int32) {
        unanswered.remove(descriptor)
    }

    func closed(_ descriptor: Int32) {
        unanswered.remove(descriptor)
        unsent[descriptor] = nil
    }

    private func refusal(insteadOf bytes: [UInt8], on descriptor: Int32) -> ArraySlice<UInt8>? {
        guard !bytes.isEmpty || unanswered.contains(descriptor) else { return nil }
        return table.refuse(.unreadable(Self.status(of: bytes)), on: descriptor)?.message(at: .now)[...]
    }

    /// That of a status line; 400 where there is none.
    private static func status(of bytes: [UInt8]) -> Int {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return parts.count > 1 ? Int(parts[1]) ?? 400 : 400
    }
}
