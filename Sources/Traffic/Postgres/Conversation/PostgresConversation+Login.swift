// Before the first statement: encryption, the session's names, and authentication, of which nothing is read. Passwords
// and what stands for them are passed over by their length.

extension PostgresConversation {
    /// Reads a client's first message.
    mutating func begin(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout PostgresBooks) {
        var position = 0
        let mayKeep = books.mayKeep
        let event = startup.next(bytes, &position, mayKeep: mayKeep)
        startup.settle(&books.keptBytes)
        guard case .message(let message) = event else { return }
        switch message {
        case .encryptionRequest:
            phase = position == bytes.count ? .encryption : .left
            if phase == .left { leave(.malformedRequest, &books) }
        case .cancelRequest:
            books.counts.cancels &+= 1
            return leave(&books)
        case .tls:
            books.wire.encryptedConnections &+= 1
            return leave(&books)
        case .foreign: return leave(.malformedRequest, &books)
        case .session:
            guard startup.names.isReplication else {
                phase = .login
                return passLogin(bytes.extracting(position..<bytes.count), &books)
            }
            books.counts.replicationSessions &+= 1
            return leave(&books)
        }
        startup.reset(&books.keptBytes)
    }

    /// Reads the letter that answers SSLRequest or GSSENCRequest.
    mutating func answerEncryption(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout PostgresBooks) {
        switch bytes[0] {
        case UInt8(ascii: "N") where bytes.count == 1: phase = .start
        case UInt8(ascii: "S"), UInt8(ascii: "G"):
            books.wire.encryptedConnections &+= 1
            leave(&books)
        case UInt8(ascii: "E"):  // a server that is too busy to ask
            phase = .login
            receiveAnswers(bytes, arrival, &books)
        default: leave(.malformedReply, &books)
        }
    }

    /// Passes over what a client says of itself.
    mutating func passLogin(_ bytes: Span<UInt8>, _ books: inout PostgresBooks) {
        var position = 0
        while true {
            switch client.next(bytes, &position, limit: { Self.isLogin($0) ? 0 : -1 }) {
            case .starved: return
            case .message: break
            case .impossible: return leave(.malformedRequest, &books)
            }
        }
    }

    /// A password or an answer to a challenge, or the end.
    private static func isLogin(_ type: UInt8) -> Bool { type == UInt8(ascii: "p") || type == UInt8(ascii: "X") }

    /// The server is ready for the first time: the client has got in.
    mutating func loggedIn(_ books: inout PostgresBooks) {
        books.counts.logins &+= 1
        let names = startup.names.session
        if !names.user.isEmpty { session = books.counts.sessions.find(names) }
        startup.reset(&books.keptBytes)
        phase = .session
    }

    /// The client was refused.
    mutating func refused(_ error: ErrorFields, _ books: inout PostgresBooks) {
        books.counts.loginFailures.record(.other, error.code)
        leave(&books)
    }
}
