// Any bytes from a client, in pieces, and any end of its connection: another client is served well meanwhile, what the
// first one gets is HTTP, and when it is gone nothing of it is left.

@testable import HTTP

private let bench = ServerBench(AccessRules())

func fuzzConnections(_ input: inout FuzzInput) {
    let script = Script(&input)
    bench.serve { line in
        var heard: [UInt8] = []
        script.perform(
            send: { line.send($0) },
            hear: { heard += line.receive(within: Script.patience) ?? [] })
        heard += script.end(line, within: 4 * Script.patience)
        let start = Array("HTTP/1.".utf8)
        require(heard.isEmpty || heard.starts(with: start), "no answer: \(String(decoding: heard, as: UTF8.self))")
    }
}
