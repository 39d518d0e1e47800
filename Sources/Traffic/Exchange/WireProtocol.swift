// The line between TCP and what is spoken over it. Below it no protocol is known; above it no segments are.

/// What can be spoken on a port.
public enum WireProtocolKind: UInt8, CaseIterable, Sendable {
    case redis, http, postgres

    /// The value of `protocol`.
    public var label: String {
        switch self {
        case .redis: "redis"
        case .postgres: "postgres"
        case .http: "http"
        }
    }
}

/// What all connections of a protocol to one target share: its figures, and how its bytes are read.
///
/// The books are never copied. What is known of one connection is a small copyable state of its own, which lies in the
/// flow table and is handed over with each call.
protocol WireProtocol: ~Copyable, Sendable {
    /// What is known of one connection.
    associatedtype Connection: Sendable
    /// The figures at one moment.
    associatedtype Snapshot: ProtocolSnapshot

    static var kind: WireProtocolKind { get }
    /// Why requests of this protocol may be unmeasured, and why its connections may lose sync: all that is counted.
    static var unmeasuredReasons: [UnmeasuredReason] { get }
    static var resyncReasons: [ResyncReason] { get }

    /// The figures that every protocol has.
    var wire: WireCounts { get set }

    /// The state of a connection that was joined in the middle.
    ///
    /// - Parameter port: the server's.
    static func begin(on port: UInt16) -> Connection

    /// The connection was seen from its first byte on.
    static func opened(_ connection: inout Connection)

    /// Takes the next bytes of one side. They start where the last ones of that side, or a loss, ended. The first is
    /// always the first of a packet, or of what is left of one that overlaps an earlier one.
    mutating func receive(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ connection: inout Connection, _ budget: inout Budget)

    /// Learns that bytes of one side are missing.
    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ connection: inout Connection, _ budget: inout Budget)

    /// Learns that nothing has come until this moment; nil for the end of the capture.
    ///
    /// Only called while something is held back (``Budget/held``).
    mutating func rested(until stamp: UInt64?, _ connection: inout Connection, _ budget: inout Budget)

    /// Learns that one side sends nothing more, and has been read to its end: a FIN, or with `isReset` a reset.
    mutating func finished(_ side: Side, isReset: Bool, _ connection: inout Connection, _ budget: inout Budget)

    /// Bytes that the queues of the connection take, of what was asked and not answered.
    static func queueBytes(of connection: borrowing Connection) -> Int

    /// Gives back what its queues take while they are empty.
    static func giveBack(_ connection: inout Connection, _ budget: inout Budget)

    /// Gives up what is still open, and gives back what its queues take.
    mutating func ended(_ ending: Ending, _ connection: inout Connection, _ budget: inout Budget)

    /// Ends a minute.
    mutating func turnMinute()

    /// Lets what is long ago weigh less.
    mutating func age()

    /// The figures at this moment.
    ///
    /// - Parameter target: whose they are; nil where there is one target only.
    func snapshot(target: String?) -> Snapshot
}

extension WireProtocol where Self: ~Copyable {
    mutating func rested(until stamp: UInt64?, _ connection: inout Connection, _ budget: inout Budget) {}
    mutating func finished(_ side: Side, isReset: Bool, _ connection: inout Connection, _ budget: inout Budget) {}
    mutating func turnMinute() {}
    mutating func age() {}
    static func queueBytes(of connection: borrowing Connection) -> Int { 0 }
    static func giveBack(_ connection: inout Connection, _ budget: inout Budget) {}

    /// The neutral part of a snapshot.
    func wireSnapshot(target: String?) -> WireSnapshot {
        WireSnapshot(
            kind: Self.kind, target: target, counts: wire, unmeasuredReasons: Self.unmeasuredReasons,
            resyncReasons: Self.resyncReasons)
    }
}
