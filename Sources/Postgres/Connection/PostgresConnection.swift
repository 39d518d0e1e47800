// One connection to a Postgres server or to PgBouncer's console. Nothing here blocks but name resolution: connecting,
// sending and receiving all wait in one poll(2), with what is left of the poll's deadline.
internal import CLibPQ
import Glibc
import Metrics
import System

/// Owns one `PGconn`.
@safe struct PostgresConnection: ~Copyable {
    /// How statements are sent.
    enum QueryMode {
        /// The extended protocol in pipeline mode: all statements of a poll in one round trip, each a transaction.
        case pipeline
        /// The simple protocol, one statement after the other, which is all that PgBouncer's console understands.
        case simple
    }

    private let handle: OpaquePointer
    private let mode: QueryMode
    private var socket: OwnSocket
    private var input = InputMeter()
    private var room: AnswerRoom
    private var pastRounds = PastRounds()

    private init(_ handle: OpaquePointer, _ mode: QueryMode, _ memory: MemoryBudget, _ watch: ConnectionWatch?) {
        unsafe self.handle = handle
        self.mode = mode
        room = AnswerRoom(memory)
        socket = OwnSocket(watch)
    }

    /// Connects and authenticates.
    ///
    /// - Parameters:
    ///   - parameters: libpq's keywords with their values.
    ///   - memory: what answers may take.
    ///   - watch: who is told of the sockets that are tried.
    static func open(
        _ parameters: [String: String], _ mode: QueryMode, _ memory: MemoryBudget = MemoryBudget(),
        watch: ConnectionWatch? = nil, before deadline: Deadline
    ) throws(ConnectFailure) -> PostgresConnection {
        guard let handle = unsafe startConnection(parameters) else { throw ConnectFailure(.connect, "out of memory") }
        var connection = unsafe PostgresConnection(handle, mode, memory, watch)
        try connection.finishConnecting(before: deadline)
        return connection
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Sends all statements, then reads all answers, before the deadline.
    ///
    /// A statement that fails costs its own answer only. Where the connection breaks or time runs out, the answers that
    /// came are kept, and the connection must be given up.
    ///
    /// - Parameter opening: how each statement's transaction begins; nil for a console, which knows no transactions.
    mutating func run(_ statements: [Statement], _ opening: TransactionOpening?, before deadline: Deadline) -> Answers {
        input.beginPoll()
        var answers = Answers()
        do throws(CollectorFailure) {
            switch mode {
            case .pipeline:
                try sendTogether(statements, opening)
                let sent = ContinuousClock.now
                waitForMost(of: statements, before: deadline)
                for statement in statements { answers.results.append(try receive(statement, before: deadline)) }
                pastRounds.note(input.received, in: sent.duration(to: .now), for: statements)
            case .simple:
                for statement in statements {
                    guard unsafe PQsendQuery(handle, statement.text) == 1 else { throw brokenConnection() }
                    answers.results.append(try receive(statement, before: deadline))
                }
            }
        } catch {
            answers.broken = error
        }
        return answers
    }

    /// Whether a new connection is better than this one, which has been told more than libpq is to keep.
    var isWornOut: Bool { input.isWornOut || room.isWornOut(by: input) }

    /// Takes note that the answers so far are not needed any more; until then their memory is accounted for.
    mutating func endPoll() { room.endPoll() }

    /// What the server called its release when the session began, such as `1.18.0/bouncer`; nil where it did not tell.
    var release: String? {
        unsafe PQparameterStatus(handle, "server_version").map { unsafe String(cString: $0) }
    }

    /// What can later ask the server to stop the statement it is busy with; nil where libpq cannot make one.
    func cancelRequest() -> CancelRequest? {
        unsafe PQgetCancel(handle).map { unsafe CancelRequest($0) }
    }
}

// MARK: Connecting

extension PostgresConnection {
    private mutating func finishConnecting(before deadline: Deadline) throws(ConnectFailure) {
        // Verbose texts carry the server's error code. Notices would go to standard error.
        unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        var next = PGRES_POLLING_WRITING
        if unsafe PQstatus(handle) == CONNECTION_BAD { next = PGRES_POLLING_FAILED }
        while next != PGRES_POLLING_OK {
            socket.look(at: unsafe PQsocket(handle))
            guard next != PGRES_POLLING_FAILED else { throw connectFailure }
            guard wait(for: next == PGRES_POLLING_READING ? POLLIN : POLLOUT, before: deadline) else {
                throw ConnectFailure(.timeout, "no connection in time; the server does not answer")
            }
            next = unsafe read { unsafe PQconnectPoll($0) }
            guard hasRoom() else { throw ConnectFailure(.overflow, Self.tooMuch) }
        }
        unsafe PQsetnonblocking(handle, 1)
        if case .pipeline = mode { unsafe PQenterPipelineMode(handle) }
    }

    /// Why there is no connection, or none any more.
    private var connectFailure: ConnectFailure {
        ConnectFailure(text: unsafe String(cString: PQerrorMessage(handle))).hiding(password)
    }
    /// Never repeated, also where it came from a file.
    private var password: String? { unsafe PQpass(handle).map { unsafe String(cString: $0) } }

    /// Lets libpq read from the socket, and counts what it reads.
    private mutating func read<Result>(_ step: (OpaquePointer) -> Result) -> Result {
        SocketCalls.allowReceiving(InputMeter.mostAtOnce)
        let result = unsafe step(handle)
        input.read(InputMeter.mostAtOnce - SocketCalls.allowReceiving(nil))
        return result
    }

    private static let tooMuch = "the server sends more beside rows than there is room for"

    /// Whether what has come may be kept.
    private mutating func hasRoom() -> Bool { !input.isTooMuch && room.takesInput(input) }

    /// Waits until the socket is ready; false when the deadline has passed, also where the server never stops talking.
    private func wait(for events: Int32, before deadline: Deadline) -> Bool {
        guard !deadline.isOver else { return false }
        var entry = pollfd(fd: unsafe PQsocket(handle), events: Int16(events), revents: 0)
        while true {
            let ready = unsafe poll(&entry, 1, deadline.milliseconds)
            if ready < 0 && errno == EINTR { continue }
            return ready != 0
        }
    }

    private func brokenConnection() -> CollectorFailure {
        let failure = connectFailure.failure
        return failure.reason == .connect ? CollectorFailure(.closed, failure.message) : failure
    }
}

// MARK: Sending and receiving

extension PostgresConnection {
    private func sendTogether(
        _ statements: [Statement], _ opening: TransactionOpening?
    ) throws(CollectorFailure) {
        let socket = unsafe PQsocket(handle)
        SocketOption.holdsBack(true).set(on: socket)
        defer { SocketOption.holdsBack(false).set(on: socket) }
        for statement in statements { try sendPipelined(statement, opening) }
    }

    /// Waits for nearly all that is to come, so that each answer does not wake this thread.
    private func waitForMost(of statements: [Statement], before deadline: Deadline) {
        // The server answers nothing while there is something to send.
        guard let expected = pastRounds.expectation(of: statements), unsafe PQflush(handle) == 0 else { return }
        let socket = unsafe PQsocket(handle)
        SocketOption.leastBytes(expected.bytes).set(on: socket)
        _ = wait(for: POLLIN, before: deadline.orAfter(expected.patience))
        SocketOption.leastBytes(1).set(on: socket)
    }

    private func sendPipelined(
        _ statement: Statement, _ opening: TransactionOpening?
    ) throws(CollectorFailure) {
        for command in (opening?.commands(before: statement) ?? []) + statement.commands {
            guard unsafe PQsendQueryParams(handle, command, 0, nil, nil, nil, nil, 0) == 1 else {
                throw brokenConnection()
            }
        }
        guard unsafe PQpipelineSync(handle) == 1 else { throw brokenConnection() }
    }

    /// Nothing is listened to here, but a function of the server's may; libpq keeps what nobody fetches.
    private func dropNotifications() {
        while let notification = unsafe PQnotifies(handle) { unsafe PQfreemem(notification) }
    }

    /// Reads one statement's results up to its end: the synchronisation point of a pipeline, or no more result.
    private mutating func receive(
        _ statement: Statement, before deadline: Deadline
    ) throws(CollectorFailure) -> Result<Rows, CollectorFailure> {
        var (answer, isAfterEnd) = (StatementAnswer(of: statement), false)
        while true {
            // Row by row there is nothing to collect in libpq's memory. It refuses where it is not possible.
            unsafe PQsetSingleRowMode(handle)
            guard let result = try nextResult(before: deadline) else {
                if case .simple = mode { return answer.outcome }
                guard !isAfterEnd else { throw CollectorFailure(.malformed, "the server left statements unanswered") }
                isAfterEnd = true
                continue
            }
            input.take(rows: result.size)
            if result.isSynchronisation { return answer.outcome }
            if let error = result.error {
                let failure = error.failure.hiding(password)
                if error.isFatal { throw failure }
                answer.fail(failure)
            } else {
                answer.take(result, ofNextCommand: isAfterEnd, &room)
            }
            isAfterEnd = false
        }
    }

    /// The next result; nil where libpq marks the end of a command's results.
    private mutating func nextResult(before deadline: Deadline) throws(CollectorFailure) -> QueryResult? {
        while unsafe PQisBusy(handle) == 1 {
            guard wait(for: unsafe PQflush(handle) == 1 ? POLLIN | POLLOUT : POLLIN, before: deadline) else {
                throw CollectorFailure(.timeout, "no answer in time")
            }
            guard unsafe read({ unsafe PQconsumeInput($0) }) == 1 else { throw brokenConnection() }
            dropNotifications()
            guard hasRoom() else { throw CollectorFailure(.overflow, Self.tooMuch) }
        }
        // Rows that never end keep the socket ready and would never come to a wait.
        guard !deadline.isOver else { throw CollectorFailure(.timeout, "no answer in time") }
        guard let result = unsafe PQgetResult(handle) else {
            if unsafe PQstatus(handle) == CONNECTION_BAD { throw brokenConnection() }
            return nil
        }
        return unsafe QueryResult(result)
    }
}

/// Asks a server to stop the statement that a connection is busy with. Owns one `PGcancel`.
///
/// A class, because it is handed to another thread. That is safe: `PQcancel` may be called from any thread, and nothing
/// else ever refers to the handle.
@safe final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer

    @unsafe init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQfreeCancel(handle)
    }

    /// Sends the request on a connection of its own and waits for its end: for ever, where the server is stopped.
    ///
    /// Whether anything was cancelled is not known, and does not matter: the statement's answer is not waited for any
    /// more.
    func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = unsafe message.withUnsafeMutableBufferPointer { unsafe PQcancel(handle, $0.baseAddress, 256) }
    }
}
