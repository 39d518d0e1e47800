// What happens on the connections: each goes round from waiting to a request to an answer. Only the loop's thread
// touches this; the HTTP library's calls end up here.

import Glibc
import System

/// The open connections and the request that each is at.
final class ConnectionTable {
    /// How far a connection is.
    private enum Stage {
        /// No request, or one that has been answered.
        case waiting
        /// The request line is here.
        case reading(target: String)
        /// The head is here; a body may follow, which is dropped.
        case asked(HTTPRequest, since: ContinuousClock.Instant)
        /// The request's password is being checked.
        case checking(HTTPRequest, since: ContinuousClock.Instant)
        /// It has been checked.
        case checked(HTTPRequest, isGenuine: Bool, since: ContinuousClock.Instant)
        /// The answer is on its way.
        case answered(HTTPRequest, status: Int, since: ContinuousClock.Instant, afterwards: (@Sendable () -> Void)?)
    }

    /// What comes of a complete request.
    enum Outcome {
        case response(HTTPResponse)
        /// The connection is to be asked again once it has been resumed.
        case later
        /// There was no request.
        case nothing
    }

    private struct Connection {
        let client: ClientAddress
        var stage = Stage.waiting
    }

    private let limits: HTTPLimits
    private let handler: @Sendable (HTTPRequest) -> HTTPResponse
    private let observer: @Sendable (HTTPExchange) -> Void
    private let control: LoopControl
    private var connections: [Int32: Connection] = [:]
    private var tracker: ConnectionTracker
    private var responses: ResponseTracker
    private var gate: AccessGate
    /// True once the server is stopping: each answer is the last on its connection.
    private var isDraining = false

    init(
        limits: HTTPLimits, gate: AccessGate, control: LoopControl,
        observer: @escaping @Sendable (HTTPExchange) -> Void,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) {
        self.limits = limits
        self.control = control
        self.observer = observer
        self.handler = handler
        self.tracker = ConnectionTracker(limits: limits)
        self.responses = ResponseTracker(limits: limits)
        self.gate = gate
    }

    /// Goes by new rules from now on, on old connections too.
    func replaceRules(with rules: AccessRules) {
        gate.replace(with: rules)
    }

    /// Whether so many connections have been cut and not closed yet that there are descriptors for no more.
    var isCrowded: Bool { tracker.count >= limits.connections + Self.passingExcess }

    /// Connections that may be open for a moment beyond their limit.
    private static let passingExcess = 8

    /// True while a request is coming in or an answer is going out.
    var isBusy: Bool { tracker.isBusy }

    /// When the time of the next connection is over.
    var nextDeadline: ContinuousClock.Instant? { tracker.nextDeadline }

    // MARK: Connections

    /// Decides whether a new client may stay; cuts the connection that has to make room.
    func admit(_ descriptor: Int32, _ client: ClientAddress, isEncrypted: Bool) -> Bool {
        guard gate.admits(client) else { return false }
        guard !isEncrypted || gate.admitsHandshake(of: client, at: .now) else {
            control.count { $0.refused += 1 }
            return false
        }
        switch tracker.admission(of: client, at: .now) {
        case .refused:
            control.count { $0.refused += 1 }
            return false
        case .insteadOf(let other): cut(other)
        case .welcome: break
        }
        connections[descriptor] = Connection(client: client)
        tracker.open(descriptor, client: client, at: .now)
        control.count {
            $0.accepted += 1
            $0.open += 1
        }
        control.memory.hold(tracker.count * limits.headBytes, for: .connections)
        return true
    }

    /// The connection is about to be closed, or could not be served at all.
    func closed(_ descriptor: Int32) {
        // The library tells of no end where it could not read the request.
        if case .answered? = connections[descriptor]?.stage { requestEnded(isComplete: true, on: descriptor) }
        guard connections.removeValue(forKey: descriptor) != nil else { return }
        tracker.close(descriptor)
        responseEnded(on: descriptor)
        control.count { $0.open -= 1 }
        control.memory.hold(tracker.count * limits.headBytes, for: .connections)
    }

    /// Cuts the connection that has been idle longest, to get its descriptor back.
    ///
    /// - Returns: false when no connection is idle.
    func makeRoom() -> Bool {
        guard let idle = tracker.longestWaiting() else { return false }
        cut(idle)
        return true
    }

    /// Cuts the connections whose time is over, and those whose client has hung up.
    ///
    /// The library reads at each edge of readiness and misses an end of stream that came together with the last bytes.
    func sweep() {
        for descriptor in tracker.overdue(at: .now) { cut(descriptor) }
        for descriptor in tracker.listening where hasHungUp(descriptor) { shutDown(descriptor) }
    }

    private func hasHungUp(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    /// Prepares for the end: idle connections go, the others after their answer.
    func drain() {
        isDraining = true
        for descriptor in tracker.waiting { cut(descriptor) }
    }

    private func cut(_ descriptor: Int32) {
        control.count { $0.cut += 1 }
        shutDown(descriptor)
    }

    /// Shuts the socket down; the library then finds it closed by its peer, and closes it.
    private func shutDown(_ descriptor: Int32) {
        tracker.cut(descriptor)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    // MARK: Requests

    /// The request line has arrived.
    func requestLine(_ target: String, on descriptor: Int32) {
        connections[descriptor]?.stage = .reading(target: target)
        tracker.requestBegan(on: descriptor, at: .now)
    }

    /// The head is complete.
    ///
    /// - Returns: a refusal, after which the connection must be closed; nil when the request may go on.
    func head(
        _ method: HTTPMethod, fields: [(name: String, value: String)], on descriptor: Int32
    ) -> HTTPResponse? {
        guard let connection = connections[descriptor], case .reading(let target) = connection.stage else {
            return .line(400, "no request line")
        }
        let request = HTTPRequest(method: method, target: target, fields: fields, client: connection.client)
        connections[descriptor]?.stage = .asked(request, since: .now)
        // RFC 9112, section 5.1: what comes after such a name may be meant for somebody else.
        guard !fields.contains(where: { $0.name.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } })
        else {
            return answer(request, since: .now, with: .line(400, "a blank in a field's name"), on: descriptor)
        }
        // RFC 9112, section 3.2; one is seen to by the library.
        guard fields.count(where: { isSameField($0.name, "host") }) < 2 else {
            return answer(request, since: .now, with: .line(400, "more than one Host"), on: descriptor)
        }
        guard !hasTooLongBody(request) else {
            return answer(request, since: .now, with: .line(413, "a request needs no body here"), on: descriptor)
        }
        return nil
    }

    /// The library refuses what it cannot read as a request.
    ///
    /// - Parameter refusal: made only where it is needed; every answer of ours passes here.
    /// - Returns: what is to be said, with all fields; nil where it could read the request, and speaks for us.
    func refuse(_ refusal: @autoclosure () -> HTTPResponse, on descriptor: Int32) -> HTTPResponse? {
        guard let connection = connections[descriptor] else { return nil }
        let target: String
        switch connection.stage {
        case .waiting: target = ""
        case .reading(let line): target = line
        default: return nil
        }
        let request = HTTPRequest(method: .other, target: target, client: connection.client)
        return answer(request, since: .now, with: refusal(), on: descriptor)
    }

    /// The request is complete, or its password has been checked.
    func answer(on descriptor: Int32) -> Outcome {
        switch connections[descriptor]?.stage {
        case .asked(let request, let start):
            let decision = gate.decide(request, on: descriptor, at: .now)
            return follow(decision, request, since: start, on: descriptor)
        case .checked(let request, let isGenuine, let start):
            return follow(gate.decide(isGenuine: isGenuine), request, since: start, on: descriptor)
        case .checking: return .later
        default: return .nothing
        }
    }

    private func follow(
        _ decision: AccessGate.Decision, _ request: HTTPRequest, since start: ContinuousClock.Instant,
        on descriptor: Int32
    ) -> Outcome {
        switch decision {
        case .pass: return .response(answer(request, since: start, with: handler(request), on: descriptor))
        case .refuse(let refusal): return .response(answer(request, since: start, with: refusal, on: descriptor))
        case .wait:
            connections[descriptor]?.stage = .checking(request, since: start)
            return .later
        }
    }

    /// The password of a waiting connection has been checked; the connection can be resumed.
    func checked(_ isGenuine: Bool, on descriptor: Int32) {
        guard case .checking(let request, let start)? = connections[descriptor]?.stage else { return }
        connections[descriptor]?.stage = .checked(request, isGenuine: isGenuine, since: start)
    }

    /// The answer is out, or the connection broke before.
    func requestEnded(isComplete: Bool, on descriptor: Int32) {
        let now = ContinuousClock.now
        if case .answered(let request, let status, let start, let afterwards)? = connections[descriptor]?.stage {
            observer(
                HTTPExchange(
                    method: request.method, path: request.path, status: status,
                    duration: start.duration(to: now), isComplete: isComplete))
            afterwards?()
        }
        connections[descriptor]?.stage = .waiting
        tracker.requestEnded(on: descriptor, at: now)
        responseEnded(on: descriptor)
    }

    private func responseEnded(on descriptor: Int32) {
        responses.ended(descriptor)
        control.memory.hold(responses.bytes, for: .responses)
    }

    /// Notes that the body is on its way, and cuts slow readers where too much is.
    private func responseBegan(_ body: HTTPBody, on descriptor: Int32) {
        let now = ContinuousClock.now
        if let oldest = tracker.responseBegan(on: descriptor, at: now) { cut(oldest) }
        guard let client = connections[descriptor]?.client else { return }
        for other in responses.began(descriptor, to: client, body, at: now) {
            control.memory.shed(.responses)
            cut(other)
        }
        control.memory.hold(responses.bytes, for: .responses)
    }

    private func answer(
        _ request: HTTPRequest, since start: ContinuousClock.Instant, with response: HTTPResponse,
        on descriptor: Int32
    ) -> HTTPResponse {
        connections[descriptor]?.stage = .answered(
            request, status: response.status, since: start, afterwards: response.afterwards)
        responseBegan(response.body, on: descriptor)
        var response = response
        response.fields += gate.rules.fields
        if isDraining, response.field("Connection") == nil {
            response.fields.append((name: "Connection", value: "close"))
        }
        return response
    }

    /// A body of unknown length counts as too long: a page takes none.
    private func hasTooLongBody(_ request: HTTPRequest) -> Bool {
        if request.field("transfer-encoding") != nil { return true }
        guard let length = request.field("content-length") else { return false }
        return Int(length).map { $0 > limits.bodyBytes } ?? true
    }
}
