// The engines that run Valkey's scripts, one by one, since Valkey 9.

import Metrics

enum ScriptingEngines {
    private static let labels = ["engine", "module", "abi_version"]

    static let info = Descriptor(
        .info, "redis_scripting_engine_info", labels: labels, help: "A script engine (INFO engine_*).")
    static let memory = Descriptor(
        .gauge, "redis_scripting_engine_memory_used_bytes", labels: labels,
        help: "Memory of each script engine (INFO engine_* used_memory).")
    static let overhead = Descriptor(
        .gauge, "redis_scripting_engine_memory_overhead_bytes", labels: labels,
        help: "Memory that each script engine costs the server beside its own (INFO engine_* memory_overhead).")

    static let descriptors = [info, memory, overhead]

    private static let prefix = Array("engine_".utf8)

    /// Takes `engine_0:name=LUA,module=lua,abi_version=4,used_memory=69632,memory_overhead=64`; nil when the line is
    /// another, false when it makes no sense.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard line.isNumbered(prefix) else { return nil }
        var parts: [String: String] = [:]
        var pairs = line.pairs
        while let (name, value) = pairs.next() { parts[line.text(name)] = line.text(value) }
        guard let name = parts["name"] else { return false }
        let (module, version) = (parts["module"] ?? "", parts["abi_version"] ?? "")
        samples.add(info, 1, name, module, version)
        let figures = [(memory, "used_memory"), (overhead, "memory_overhead")]
        for (descriptor, part) in figures {
            samples.add(
                descriptor, ifKnown: parts[part].flatMap { Int64($0) }.map { Double($0) }, name, module, version)
        }
        return true
    }
}
