// Requests and bytes by path, method and status. Nobody chooses a status but the server, so there are few of them; a
// path has as many rows as it needs, within a bound for all.

/// What a request has come to.
struct HTTPStatus: Equatable, Sendable, BitwiseCopyable {
    let code: UInt16

    /// The server ended the exchange without an answer.
    static let none = HTTPStatus(code: 0)
    /// The client left before the answer, as nginx writes it.
    static let clientLeft = HTTPStatus(code: 499)
    /// A code that no class has.
    private static let foreign: UInt16 = 600

    init(code: UInt16) {
        self.code = Swift.min(code, Self.foreign)
    }

    /// The value of `status`.
    var label: String {
        switch code {
        case 0: "none"
        case Self.foreign: "other"
        default: String(code)
        }
    }

    /// Whether the server is to blame.
    var isError: Bool { code == 0 || 500..<600 ~= code }
}

/// Counts by path, method and status.
struct StatusRows: Sendable {
    struct Row: Sendable {
        var slot: Int
        var method: HTTPMethod
        var status: HTTPStatus
        var requests: UInt64 = 0
        var requestBytes: UInt64 = 0
        var answerBytes: UInt64 = 0

        fileprivate var hash: UInt64 { StatusRows.hash(slot, method, status) }

        @inline(__always)
        fileprivate mutating func add(_ requests: UInt64, _ requestBytes: UInt64, _ answerBytes: UInt64) {
            self.requests &+= requests
            self.requestBytes &+= requestBytes
            self.answerBytes &+= answerBytes
        }
    }

    /// The most rows of paths with a name; `other` has what it needs, which is bounded by itself.
    static let mostRows = 4_000

    private(set) var rows: [Row] = []
    private var index = HashIndex()
    private var vacant: [Int] = []
    private let otherSlot: Int

    init(otherSlot: Int) {
        self.otherSlot = otherSlot
    }

    @inline(__always)
    private static func hash(_ slot: Int, _ method: HTTPMethod, _ status: HTTPStatus) -> UInt64 {
        let word = UInt64(truncatingIfNeeded: slot) << 32 | UInt64(method.rawValue) << 16 | UInt64(status.code)
        return Hasher64.fold(word ^ 0xD6E8_FEB8_6659_FD93, 0x9E37_79B9_7F4A_7C15) | 1
    }

    /// Counts a request, and bytes of bodies.
    @inline(__always)
    mutating func add(
        _ slot: Int, _ method: HTTPMethod, _ status: HTTPStatus, requests: UInt64 = 1, requestBytes: UInt64 = 0,
        answerBytes: UInt64 = 0
    ) {
        let row = find(slot, method, status)
        rows[row].add(requests, requestBytes, answerBytes)
    }

    @inline(__always)
    private mutating func find(_ slot: Int, _ method: HTTPMethod, _ status: HTTPStatus) -> Int {
        let hash = Self.hash(slot, method, status)
        let known = index.find(hash) {
            rows[$0].slot == slot && rows[$0].method == method && rows[$0].status == status
        }
        return known ?? addRow(slot, method, status)
    }

    private mutating func addRow(_ slot: Int, _ method: HTTPMethod, _ status: HTTPStatus) -> Int {
        if slot != otherSlot, index.count >= Self.mostRows { return find(otherSlot, method, status) }
        let row = Row(slot: slot, method: method, status: status)
        let place: Int
        if let free = vacant.popLast() {
            place = free
            rows[place] = row
        } else {
            place = rows.count
            rows.append(row)
        }
        index.insert(row.hash, place)
        return place
    }

    /// Adds one path's counts to another's.
    mutating func move(slot: Int, to other: Int) {
        for place in rows.indices where rows[place].slot == slot && index.find(rows[place].hash) == place {
            let row = rows[place]
            index.remove(row.hash, place)
            rows[place] = Row(slot: slot, method: row.method, status: row.status)
            vacant.append(place)
            add(
                other, row.method, row.status, requests: row.requests, requestBytes: row.requestBytes,
                answerBytes: row.answerBytes)
        }
    }
}
