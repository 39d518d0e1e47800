// What all connections share: the figures, and what is needed to file a request under the right names.

/// The books of HTTP, handed down to all that measures.
struct HTTPBooks: ~Copyable, Sendable {
    var credentials: Credentials
    var wire = WireCounts()
    private var paths: KeyGroups
    var counts: HTTPCounts
    var ports: HTTPPorts
    /// Bytes that may still be kept of unfinished lines.
    var lineRoom: Int
    /// Requests in flight on all connections.
    var inFlight = 0
    /// What stands for a target that is no path, and for one that names none.
    private static let connectName = Array("CONNECT".utf8)
    private static let rootPath = Array("/".utf8)

    /// - Parameters:
    ///   - ports: those on which HTTP is read.
    ///   - lineRoom: bytes of unfinished lines that all connections keep.
    init(
        _ settings: HTTPTrafficSettings, ports: [UInt16], seed: UInt64,
        lineRoom: Int = TrafficLimits().unfinishedInAll
    ) {
        self.lineRoom = lineRoom
        self.ports = HTTPPorts(ports)
        let hasher = Hasher64(seed: seed)
        credentials = Credentials(fields: settings.keyFields, hasher: hasher)
        paths = KeyGroups(
            patterns: settings.patterns, capacity: settings.usablePaths, hasher: hasher, rules: .paths)
        counts = HTTPCounts(settings)
    }

    /// The names of the paths, by slot.
    var pathLabels: [GroupLabel?] { paths.labels }

    /// Takes over a list of API keys.
    mutating func learn(_ keys: [TrafficAPIKey]) {
        credentials.learn(counts.keys.learn(keys))
    }

    /// The group of a request's path.
    ///
    /// - Parameter isWhole: false when the path goes on after these bytes.
    @inline(__always)
    mutating func group(of path: Span<UInt8>, _ method: HTTPMethod, isWhole: Bool) -> GroupHandle {
        let group = find(path, method, isWhole: isWhole)
        if !paths.retired.isEmpty { followRetirements() }
        return group
    }

    @inline(__always)
    private mutating func find(_ path: Span<UInt8>, _ method: HTTPMethod, isWhole: Bool) -> GroupHandle {
        if method == .connect || path.isEmpty { return find(method == .connect ? Self.connectName : Self.rootPath) }
        let isShort = path.count <= HTTPLimits.path
        return paths.group(
            of: isShort ? path : path.extracting(0..<HTTPLimits.path), isWhole: isWhole && isShort)
    }

    private mutating func find(_ name: [UInt8]) -> GroupHandle {
        paths.group(of: name.span, isWhole: true)
    }

    /// Moves the figures of paths that have lost their slot.
    private mutating func followRetirements() {
        for slot in paths.retired { counts.movePath(slot, to: counts.otherPath) }
        paths.retired = []
    }

    /// Lets what is long ago weigh less.
    mutating func age() {
        paths.age()
        counts.age()
    }

    /// Files a request that was answered.
    ///
    /// - Parameters:
    ///   - bytes: what the answer's body has, captured or not.
    ///   - stamp: when the packet with the answer's last byte was captured; nil where that is no latency.
    @inline(__always)
    mutating func answered(_ request: PendingRequest, status code: UInt16, bytes: UInt64, at stamp: UInt64?) {
        wire.requests &+= 1
        let status = HTTPStatus(code: code)
        let slot = slot(of: request.path, isAnswered: code < 400)
        counts.rows.add(slot, request.method, status, requestBytes: request.bodyBytes, answerBytes: bytes)
        if request.key != .none { counts.keys.count(request.key, status) }
        guard let stamp else { return }
        let latency = wire.latency(from: request.stamp, to: stamp)
        counts.measured(request, path: slot, latency, at: stamp)
    }

    /// Files a request that no answer came to.
    mutating func unanswered(_ request: PendingRequest, hasClientLeft: Bool) {
        wire.countUnmeasured(.closed)
        let slot = slot(of: request.path, isAnswered: false)
        let status = hasClientLeft ? HTTPStatus.clientLeft : .none
        counts.rows.add(slot, request.method, status, requestBytes: request.bodyBytes)
        if request.key != .none { counts.keys.count(request.key, status) }
    }

    /// Counts further bytes of a request that was filed already.
    mutating func addRequestBytes(_ count: UInt64, method: HTTPMethod, path: GroupHandle) {
        let slot = slot(of: path, isAnswered: false)
        counts.rows.add(slot, method, .none, requests: 0, requestBytes: count)
    }

    /// Counts further bytes of an answer whose request was filed already.
    mutating func addAnswerBytes(_ count: UInt64, method: HTTPMethod, path: GroupHandle) {
        let slot = slot(of: path, isAnswered: false)
        counts.rows.add(slot, method, .none, requests: 0, answerBytes: count)
    }

    /// The place of a path among the figures. An answer that is no refusal makes a new path a lasting one, so that a
    /// scanner's 404s leave no trace.
    @inline(__always)
    private mutating func slot(of path: GroupHandle, isAnswered: Bool) -> Int {
        let current = paths.settle(path, isAnswered: isAnswered)
        if !paths.retired.isEmpty { followRetirements() }
        return current == .other || current == .none ? counts.otherPath : current.slot
    }
}

extension HTTPBooks: WireProtocol {
    static var kind: WireProtocolKind { .http }
    static var unmeasuredReasons: [UnmeasuredReason] {
        [.joinedMidstream, .gap, .snapLength, .resync, .closed, .evicted, .queueFull, .http2, .encrypted]
    }
    static var resyncReasons: [ResyncReason] { ResyncReason.allCases }

    static func begin(on port: UInt16) -> HTTPConversation { HTTPConversation(port: port) }

    static func opened(_ connection: inout HTTPConversation) {
        connection.opened()
    }

    @inline(__always)
    mutating func receive(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ connection: inout HTTPConversation, _ budget: inout Budget
    ) {
        connection.receive(bytes, arrival, &self, &budget)
    }

    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ connection: inout HTTPConversation, _ budget: inout Budget
    ) {
        connection.lost(count, loss, arrival, &self, &budget)
    }

    mutating func finished(
        _ side: Side, isReset: Bool, _ connection: inout HTTPConversation, _ budget: inout Budget
    ) {
        connection.finished(side, isReset: isReset, &self, &budget)
    }

    mutating func ended(_ ending: Ending, _ connection: inout HTTPConversation, _ budget: inout Budget) {
        connection.ended(ending, &self, &budget)
        connection.queue.giveBack(&budget.queueBytes)
    }

    static func queueBytes(of connection: borrowing HTTPConversation) -> Int { connection.queue.bytes }

    static func giveBack(_ connection: inout HTTPConversation, _ budget: inout Budget) {
        connection.queue.giveBack(&budget.queueBytes)
    }

    func snapshot(target: String?) -> HTTPSnapshot { HTTPSnapshot(self, target: target) }
}
