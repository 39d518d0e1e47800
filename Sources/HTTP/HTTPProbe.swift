// The client side: the health check from inside a container that has no curl, and pages of another Sidelong or answers
// of a Prometheus for `sidelong top` and `sidelong advise`.

/// Asks a server for a path.
public enum HTTPProbe {
    /// Why there was no answer.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Where to ask, and how.
    public struct Server: Sendable {
        let address: ListenAddress
        /// What stands in the Host field.
        let host: String
        /// Nil for a connection in the clear.
        let tls: TLSClientSettings?

        public init(_ address: ListenAddress, host: String = "localhost", tls: TLSClientSettings? = nil) {
            self.address = address
            self.host = host
            self.tls = tls
        }
    }

    /// A whole answer.
    public struct Answer: Sendable, Equatable {
        public let status: Int
        public let body: [UInt8]
    }

    /// The status of `GET path`; the body is not read.
    ///
    /// Blocks its thread, for `limit` at the most for each of connecting, sending and receiving.
    public static func status(
        of path: String, at server: Server, within limit: Duration = .seconds(3)
    ) throws(Failure) -> Int {
        let reader = try ask(server, path, [], limit, mostBytes: 64 << 10) { $0.status != nil }
        guard let status = reader.status else { throw Failure("\(server.address): this is not an HTTP server") }
        return status
    }

    /// The answer to `GET path`.
    ///
    /// Blocks its thread like ``status(of:at:within:)``; an answer of more than 32 MiB is refused.
    ///
    /// - Parameter fields: further fields of the request, such as Authorization.
    public static func answer(
        to path: String, at server: Server, fields: [(name: String, value: String)] = [], within limit: Duration
    ) throws(Failure) -> Answer {
        let reader = try ask(server, path, fields, limit, mostBytes: 32 << 20) { _ in false }
        do throws(AnswerReader.Problem) {
            let body = try reader.body()
            guard let status = reader.status else { throw .notHTTP }
            return Answer(status: status, body: body)
        } catch {
            throw Failure("\(server.address): \(error)")
        }
    }

    /// Sends the request, and reads until the answer is whole, enough or at its end.
    private static func ask(
        _ server: Server, _ path: String, _ fields: [(name: String, value: String)], _ limit: Duration,
        mostBytes: Int, until isEnough: (AnswerReader) -> Bool
    ) throws(Failure) -> AnswerReader {
        let connection = try ClientConnection(to: server.address, server.tls, within: limit)
        let more = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let request = "GET \(path) HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n\(more)\r\n"
        // That a server wants a certificate, a client of TLS 1.3 learns after its handshake: when it sends or receives.
        let lacksCertificate = server.tls.map { $0.certificate == nil } ?? false
        let hint = lacksCertificate ? "; the server may want a client certificate" : ""
        let noAnswer = Failure("\(server.address): no answer\(hint)")
        guard connection.send(Array(request.utf8)) else { throw noAnswer }
        var reader = AnswerReader(mostBytes: mostBytes)
        while true {
            let bytes = connection.receive()
            if bytes == nil || bytes == [] && reader.isEmpty { throw noAnswer }
            guard let bytes, !bytes.isEmpty else { return reader }
            do throws(AnswerReader.Problem) {
                if try reader.take(bytes) || isEnough(reader) { return reader }
            } catch {
                throw Failure("\(server.address): \(error)")
            }
        }
    }
}
