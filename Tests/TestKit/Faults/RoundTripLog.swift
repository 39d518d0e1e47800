import Synchronization

/// What a client sent in one go, and the server's answer to it.
public struct RoundTrip: Sendable {
    /// Commands of Redis' protocol.
    public fileprivate(set) var commands = 0
    /// Pieces in which the client's words came.
    public fileprivate(set) var pieces = 0
    public fileprivate(set) var replyBytes = 0
}

/// The round trips of a connection: a new one begins when the client speaks after the server has.
final class RoundTripLog: Sendable {
    private struct State {
        var trips: [RoundTrip] = []
        var isAnswered = true
        /// The end of what the client sent before.
        var tail: [UInt8] = Array("\r\n".utf8)
    }

    private let state = Mutex(State())

    var trips: [RoundTrip] { state.withLock { $0.trips } }

    func note(_ bytes: [UInt8], isRequest: Bool) {
        state.withLock { state in
            if isRequest {
                if state.isAnswered { state.trips.append(RoundTrip()) }
                state.trips[state.trips.count - 1].commands += Self.commands(in: state.tail + bytes)
                state.trips[state.trips.count - 1].pieces += 1
                state.tail = (state.tail + bytes).suffix(3)
            } else if !state.trips.isEmpty {
                state.trips[state.trips.count - 1].replyBytes += bytes.count
            }
            state.isAnswered = !isRequest
        }
    }

    /// How many lines begin with the length of an array; `*` alone is a pattern for keys.
    private static func commands(in bytes: [UInt8]) -> Int {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return bytes.indices.dropFirst().dropLast(2).count { place in
            bytes[place] == UInt8(ascii: "\n") && bytes[place + 1] == UInt8(ascii: "*") && digits ~= bytes[place + 2]
        }
    }
}
