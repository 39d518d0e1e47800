// HTTP on paper: requests, answers and what the engine has to say about them.

import Metrics
import Testing

@testable import Traffic

/// The lines of a head, each ended, and the empty line.
func head(_ lines: String...) -> String {
    lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A request without a body.
func get(_ path: String, _ fields: String..., method: String = "GET") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: gateway\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// An answer with a body of so many bytes.
func answer(_ status: Int, _ count: Int = 0, _ fields: String...) -> String {
    "HTTP/1.1 \(status) Word\r\n" + fields.map { $0 + "\r\n" }.joined() + "Content-Length: \(count)\r\n\r\n"
        + String(repeating: "b", count: count)
}

/// The answer 200 with a word.
let ok = answer(200, 5)

/// One chunk.
func chunk(_ count: Int, _ size: String? = nil) -> String {
    (size ?? String(count, radix: 16)) + "\r\n" + String(repeating: "c", count: count) + "\r\n"
}

extension ScriptedConnection {
    /// A connection to a gateway on port 80.
    static func http(clientPort: UInt16 = 50_000) -> ScriptedConnection {
        ScriptedConnection(clientPort: clientPort, server: ([10, 0, 0, 2], 80))
    }
}

/// A snapshot's figures of HTTP by name.
struct HTTPFigures {
    let snapshot: HTTPSnapshot
    private let samples: Samples

    init(_ snapshot: HTTPSnapshot) {
        self.snapshot = snapshot
        samples = snapshot.samples
    }

    /// Requests by `METHOD path status`.
    var requests: [String: Int] { numbers(HTTPTrafficFamilies.requests) }
    var errors: [String: Int] { numbers(HTTPTrafficFamilies.errors) }
    var requestBytes: [String: Int] { numbers(HTTPTrafficFamilies.requestBytes).filter { $0.value > 0 } }
    var answerBytes: [String: Int] { numbers(HTTPTrafficFamilies.responseBytes).filter { $0.value > 0 } }
    var streams: [String: Int] { numbers(HTTPTrafficFamilies.streams).filter { $0.value > 0 } }
    var openStreams: [String: Int] { numbers(HTTPTrafficFamilies.openStreams).filter { $0.value > 0 } }
    /// Requests by name of their API key.
    var keys: [String: Int] { numbers(HTTPTrafficFamilies.keyRequests).filter { $0.value > 0 } }
    var keyFailures: [String: Int] { numbers(HTTPTrafficFamilies.keyFailures).filter { $0.value > 0 } }
    var keyLimited: [String: Int] { numbers(HTTPTrafficFamilies.keyLimited).filter { $0.value > 0 } }
    /// All requests.
    var total: Int { requests.values.reduce(0, +) }
    var paths: Set<String> { Set(requests.keys.map { String($0.split(separator: " ")[1]) }) }

    /// Requests that were timed, by `METHOD path`.
    var timed: [String: Int] {
        var result: [String: Int] = [:]
        for sample in samples[HTTPTrafficFamilies.duration] {
            guard case .histogram(let value) = sample.value else { continue }
            result[sample.labels.joined(separator: " "), default: 0] += Int(value.count)
        }
        return result
    }

    /// The sum of all durations, in microseconds.
    var microseconds: Double {
        samples[HTTPTrafficFamilies.duration].reduce(0) { sum, sample in
            guard case .histogram(let value) = sample.value else { return sum }
            return sum + (value.sum * 1e9).rounded() / 1000
        }
    }

    /// Requests that were not measured by reason, without those that never happened.
    var unmeasured: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: snapshot.wire.unmeasured.filter { $0.count > 0 }.map { ($0.reason, Int($0.count)) })
    }

    /// Times that a connection fell out of sync by reason, without those that never happened.
    var resyncs: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: snapshot.wire.resyncs.filter { $0.count > 0 }.map { ($0.reason, Int($0.count)) })
    }

    /// A family of numbers by its label values, joined with blanks.
    private func numbers(_ descriptor: Descriptor) -> [String: Int] { samples.numbersByLabels(descriptor) }

    /// Every family as text.
    var page: String {
        String(decoding: Exposition([.init(samples)]).page(in: .text), as: UTF8.self)
    }
}

/// What an engine for port 80 says about packets.
///
/// - Parameter end: nanoseconds that pass after the last packet.
func httpFigures(
    of packets: [CapturedPacket], keys: [TrafficAPIKey] = [], _ change: (inout HTTPTrafficSettings) -> Void = { _ in }
) -> HTTPFigures {
    var settings = TrafficSettings()
    settings.ports = PortTable([80], of: .http)
    change(&settings.http)
    var engine = TrafficEngine(settings)
    _ = engine.addInterface("test0")
    engine.learn(keys)
    for packet in packets {
        engine.process(
            packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet, interface: 0)
    }
    engine.finish()
    return HTTPFigures(engine.snapshot().http!)
}

/// The figures of one connection, opened and filled by `body`.
func http(
    keys: [TrafficAPIKey] = [], _ change: (inout HTTPTrafficSettings) -> Void = { _ in },
    _ body: (inout ScriptedConnection) -> Void
) -> HTTPFigures {
    var wire = ScriptedConnection.http()
    wire.open()
    body(&wire)
    return httpFigures(of: wire.packets, keys: keys, change)
}

extension ScriptedConnection {
    /// One end says that it sends nothing more.
    mutating func finish(_ side: Side) {
        add(isReply: side == .server, flags: Self.fin, [])
        if side == .server { serverSequence &+= 1 } else { clientSequence &+= 1 }
    }

    /// Both ends close, this one first.
    mutating func close(by side: Side) {
        finish(side)
        finish(side == .server ? .client : .server)
        add(isReply: side == .server, flags: Self.ack, [])
    }
}
