// INFO modules: which modules are loaded.

import Metrics

enum Modules {
    static let info = Descriptor(
        .info, "redis_module_info", labels: ["name", "ver", "api", "filters", "usedby", "using"],
        help: "A loaded module (INFO modules).")

    private static let name = Array("module".utf8)

    /// Takes `module:name=vectorset,ver=1,api=1,filters=0,usedby=[],using=[],options=[]`; nil when the line is another,
    /// false when it makes no sense.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard line.isEqual(line.name, name) else { return nil }
        var parts: [String: String] = [:]
        var pairs = line.pairs
        while let (name, value) = pairs.next() { parts[line.text(name)] = line.text(value) }
        guard parts["name"] != nil else { return false }
        let labels = info.labels.map { parts[$0] ?? "" }
        samples.add(info, Sample(labels: labels, value: .number(1)))
        return true
    }
}
