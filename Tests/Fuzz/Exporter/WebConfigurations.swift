// Any text as the web configuration: each section of it is read, or refused in one line.

import HTTP
import System

@testable import Exporter

func fuzzWebConfigurations(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    guard let node = try? YAMLNode.parse(text) else { return }
    do throws(ConfigurationError) {
        let root = try WebSection(node, named: "", in: "web.yml", allowed: nil)
        for field in try WebAccess.fields(in: root) {
            precondition(field.value.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
        let names = try WebAccess.keys(in: root).map(\.name)
        precondition(Set(names).count == names.count)
        let users = try WebAccess.users(in: root)
        precondition(users[""] == nil)
        _ = try WebAccess.allowed(in: root)
        _ = try WebAccess.rate(in: root)
        var files = WebFiles { path throws(SystemError) in
            guard path.utf8.count < 20 else { throw SystemError("\(path): no such file") }
            return "-----BEGIN CERTIFICATE-----\n\(path)\n-----END CERTIFICATE-----\n"
        }
        _ = try WebTLS.settings(in: root, besides: "web.yml", &files)
    } catch {
        precondition(!error.description.utf8.contains { $0 < 0x20 })
    }
}
