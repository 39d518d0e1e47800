// The gate that every request passes: allowed address, rates, credential. It answers from memory; only a password that
// was not seen before takes its time, and then the connection waits while others are served.

/// Applies the rules. Only the loop's thread touches it.
struct AccessGate {
    enum Decision {
        case pass
        case refuse(HTTPResponse)
        /// A password is being checked; the result comes through the loop's control.
        case wait
    }

    private(set) var rules: AccessRules
    private let control: LoopControl
    private let desk: PasswordDesk
    private var everyone: TokenBucket?
    private var clients = ClientBuckets()
    private var handshakes = ClientBuckets()
    private var keys: [String: TokenBucket] = [:]
    private var nobody: PasswordHash

    init(_ rules: AccessRules, desk: PasswordDesk, control: LoopControl) {
        self.rules = rules
        self.desk = desk
        self.control = control
        nobody = .ofNobody(besides: rules.users.values)
        prepareCounts()
    }

    /// Takes new rules. The rates of API keys begin anew, and of the others those that have changed.
    mutating func replace(with next: AccessRules) {
        if next.everyone != rules.everyone { everyone = nil }
        if next.client != rules.client { clients.removeAll() }
        keys = [:]
        rules = next
        nobody = .ofNobody(besides: rules.users.values)
        prepareCounts()
    }

    /// Whether a client may connect at all. One that may not costs no answer and no TLS handshake.
    func admits(_ client: ClientAddress) -> Bool {
        if rules.admits(client) { return true }
        count(.address)
        return false
    }

    /// Whether a client may begin another TLS handshake.
    mutating func admitsHandshake(of client: ClientAddress, at now: ContinuousClock.Instant) -> Bool {
        handshakes.take(for: client, rules.handshakes, at: now) == nil
    }

    /// Decides about a request.
    ///
    /// - Parameter connection: where the result of a password's check belongs.
    mutating func decide(
        _ request: HTTPRequest, on connection: Int32, at now: ContinuousClock.Instant
    ) -> Decision {
        // A connection may be older than the rules.
        guard rules.admits(request.client) else {
            return refuse(.address, .line(403, "this address is not allowed"))
        }
        if rules.openPaths.contains(request.path) { return .pass }
        let credential = Credential(request.field("authorization"))
        let key = rules.keys.isEmpty ? nil : key(of: credential)
        if let key { control.countAccess { $0.keyRequests[key.name, default: 0] += 1 } }
        if let key, let limit = key.limit {
            if let pause = keys[key.name, default: TokenBucket(limit, at: now)].take(limit, at: now) {
                return tooFast(.key, pause)
            }
        } else if let limit = rules.client {
            let pause = clients.take(for: request.client, limit, at: now)
            countBuckets()
            if let pause { return tooFast(.client, pause) }
        }
        // After the client's own: what is refused there takes nothing from the others.
        if let limit = rules.everyone, let pause = everyone.take(limit, at: now) { return tooFast(.everyone, pause) }
        return key != nil || !rules.needsCredential ? .pass : check(credential, request.client, connection)
    }

    /// What follows from a password's check.
    func decide(isGenuine: Bool) -> Decision {
        isGenuine ? .pass : refuse(.password, unauthorized)
    }

    private func check(_ credential: Credential, _ client: ClientAddress, _ connection: Int32) -> Decision {
        switch credential {
        case .none: return refuse(.missing, unauthorized)
        case .unreadable: return refuse(.unreadable, unauthorized)
        case .token: return refuse(.key, unauthorized)
        case .password where rules.users.isEmpty: return refuse(.password, unauthorized)
        case .password(let user, let password):
            let hash = rules.users[user]
            let answer = desk.check(
                password, of: user, isKnown: hash != nil, hash ?? nobody, for: client
            ) { [control] in control.deliver($0, to: connection) }
            switch answer {
            case .genuine: return .pass
            case .checking: return .wait
            case .busy:
                return refuse(
                    .busy,
                    .line(503, "too many passwords to check", fields: [(name: "Retry-After", value: "1")]))
            }
        }
    }

    private func key(of credential: Credential) -> APIKey? {
        guard case .token(let token) = credential else { return nil }
        let digest = TLSLibrary.sha256(token)
        return rules.keys.first { $0.digest == digest }
    }

    private var unauthorized: HTTPResponse {
        let schemes = (rules.users.isEmpty ? [] : ["Basic realm=\"sidelong\""]) + (rules.keys.isEmpty ? [] : ["Bearer"])
        return .line(
            401, "a credential is needed here", fields: schemes.map { (name: "WWW-Authenticate", value: $0) })
    }

    private func tooFast(_ scope: RateScope, _ pause: Duration) -> Decision {
        control.countAccess { $0.limited[scope, default: 0] += 1 }
        let seconds = max(1, Int((pause / .seconds(1)).rounded(.up)))
        return .refuse(.line(429, "too many requests", fields: [(name: "Retry-After", value: "\(seconds)")]))
    }

    private func refuse(_ failure: AccessFailure, _ response: HTTPResponse) -> Decision {
        count(failure)
        return .refuse(response)
    }

    private func count(_ failure: AccessFailure) {
        control.countAccess { $0.failures[failure, default: 0] += 1 }
    }

    private func countBuckets() {
        control.countAccess {
            $0.buckets = clients.count
            $0.evictedBuckets = clients.evicted
        }
    }

    /// Every key has its count from the start, and a key that is gone has none.
    private func prepareCounts() {
        let names = rules.keys.map(\.name)
        control.countAccess { counts in
            let old = counts.keyRequests
            counts.keyRequests = Dictionary(names.map { ($0, old[$0] ?? 0) }) { first, _ in first }
        }
        countBuckets()
    }
}

extension TokenBucket? {
    /// Takes a token, of a new bucket where there is none yet.
    fileprivate mutating func take(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Duration? {
        var bucket = self ?? TokenBucket(limit, at: now)
        defer { self = bucket }
        return bucket.take(limit, at: now)
    }
}
