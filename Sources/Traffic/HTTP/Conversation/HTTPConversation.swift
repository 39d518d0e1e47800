// One connection's talk in HTTP/1: requests in order, and the answers to them in the same order (RFC 9112 section 9.3).
// Pairing is a queue per connection and nothing else; what is not certain after a loss waits for the next turn.

/// The state of one connection.
struct HTTPConversation: Sendable {
    enum ClientState: UInt8, BitwiseCopyable, Sendable {
        /// Nothing was read yet: a proxy's header or another protocol may come.
        case opening
        /// The next byte starts a request.
        case start
        case head, body
        /// Where the next request starts is not known.
        case lost
    }

    enum ServerState: UInt8, BitwiseCopyable, Sendable {
        case start, head, body
        /// Where the next answer starts is not known.
        case lost
    }

    /// The server's port, and where its figures stand; negative before they are needed.
    private let port: UInt16
    private(set) var portPlace: Int32 = -1
    var requests = HeadReader<RequestHead>()
    var answers = HeadReader<AnswerHead>()
    var requestBody = BodyReader(count: 0)
    var answerBody = BodyReader(count: 0)
    var queue = InFlightQueue<PendingRequest>()
    var client = ClientState.lost
    var server = ServerState.lost
    /// Why it is out of step, where it is.
    var reason = UnmeasuredReason.joinedMidstream
    /// Whether it speaks something else now, and is not read any longer.
    var hasLeft = false
    /// The side that sent last, captured or not; nil before either has.
    var lastSender: Side?
    /// When the server's last packet with payload was captured.
    var serverStamp: UInt64 = 0
    /// The status of the answer at hand, once that is known; 0 when there is none.
    var status: UInt16 = 0
    /// Whether the answer at hand is that of the oldest request; otherwise it is nobody's, or counted already.
    var answerIsPaired = false
    /// When the answer's head was read, and how many pauses it has made since.
    var answerStamp: UInt64 = 0
    var pauses: UInt8 = 0
    /// The stream that is open, which is the answer at hand or what came of an upgrade.
    var stream: HTTPStreamKind?
    var streamMethod = HTTPMethod.other
    var streamPath = GroupHandle.none
    /// Bytes of the body at hand that were counted already, because the answer did not wait for its end.
    var countedBody: UInt64 = 0
    /// Whether the request at hand was answered before its head was complete.
    var headIsAnswered = false
    /// The sides that have said that nothing more will come.
    var clientHasFinished = false

    init(port: UInt16) {
        self.port = port
    }

    /// The connection was seen from its first byte on.
    mutating func opened() {
        client = .opening
        server = .start
    }

    /// Whether requests are read, and answers are paired with them.
    @inline(__always)
    var isInStep: Bool { client != .lost && server != .lost }

    /// Takes the next bytes of one side.
    @inline(__always)
    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout HTTPBooks, _ budget: inout Budget) {
        if portPlace < 0 { portPlace = books.ports.place(of: port) }
        books.ports.count(.packets, at: portPlace)
        if hasLeft { return }
        switch arrival.side {
        case .client:
            if !isInStep { takeTurn(bytes, arrival, &books, &budget) }
            if client != .lost {
                takeRequests(bytes, at: arrival.stamp, &books, &budget)
            } else {
                books.ports.count(.unread, at: portPlace)
            }
        case .server:
            if server != .lost { takeAnswers(bytes, at: arrival.stamp, &books, &budget) }
            serverStamp = arrival.stamp
        }
        lastSender = arrival.side
    }

    /// Stops reading: what follows is not HTTP/1.
    mutating func leave(_ books: inout HTTPBooks) {
        hasLeft = true
        clear(&books)
    }

    /// Gives back what is kept of unfinished lines.
    mutating func clear(_ books: inout HTTPBooks) {
        requests.clear(&books)
        answers.clear(&books)
    }
}
