// Any bytes as the other end of TLS when Sidelong asks a Prometheus or another Sidelong: it comes to an answer or to an
// error, in time.

@testable import HTTP

private let server = ScriptedServer()

func fuzzTLSAnswers(_ input: inout FuzzInput) {
    server.say(Script(&input))
    let limit = Duration.milliseconds(100)
    let address = ListenAddress.tcp(host: "127.0.0.1", port: UInt16(server.port))
    let begin = ContinuousClock.now
    do throws(HTTPProbe.Failure) {
        _ = try HTTPProbe.answer(
            to: "/", at: HTTPProbe.Server(address, tls: TLSClientSettings()), within: limit)
        fatalError("nobody has the key for an answer")
    } catch {
        require(!error.description.isEmpty, "an error without words")
    }
    let time = begin.duration(to: .now)
    require(time < limit * 4 + .seconds(3), "it took \(time)")
}
