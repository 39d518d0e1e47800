// Any text as the configuration file: it is read, or refused in one line that holds no secret of it.

@testable import Exporter

func fuzzConfigurations(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    do throws(ConfigurationError) {
        let file = try ConfigurationFile(text, path: "sidelong.yaml")
        precondition(file.entries.keys.allSatisfy { name in Options.all.contains { $0.name == name } })
        _ = try Settings(file: file)
    } catch {
        precondition(!error.description.utf8.contains { $0 < 0x20 })
    }
}
