// Any bytes from a client of the encrypted page: instead of its handshake, or as its request after a real one. Another
// client is served well meanwhile, and when the first one is gone nothing of it is left.

import System

@testable import HTTP

private let bench = {
    func text(_ name: String) -> String {
        do {
            return try SmallFile.text(".build/fuzz/tls/\(name)")
        } catch {
            fatalError("no certificate; is this the project's folder? \(error)")
        }
    }
    var rules = AccessRules()
    rules.tls = TLSSettings(certificate: text("server.crt"), key: text("server.key"))
    rules.handshakes = RateLimit(perSecond: 1e6, burst: 1e6)
    return ServerBench(rules)
}()

func fuzzTLSConnections(_ input: inout FuzzInput) {
    let isRaw = input.byte() & 1 == 0
    let script = Script(&input)
    bench.serve { line in
        if isRaw {
            script.perform(send: { line.send($0) }, hear: { _ = line.receive(within: Script.patience) })
        } else {
            do throws(TLSClient.Refused) {
                let client = try TLSClient(over: line.descriptor, before: .now + .seconds(5))
                let patience = Duration.milliseconds(Int(Script.patience))
                script.perform(
                    send: { client.send($0, before: .now + patience * 10) },
                    hear: { _ = client.receive(before: .now + patience) })
            } catch {
                fatalError("no handshake: \(error)")
            }
        }
        script.end(line, within: 4 * Script.patience)
    }
}
