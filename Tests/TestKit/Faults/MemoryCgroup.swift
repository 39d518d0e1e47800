import Foundation
import Glibc

/// A control group of a test's own that bounds the memory of what runs in it: of version 1, 2 or both, whatever the
/// machine has. Needs root.
public final class MemoryCgroup: Sendable {
    private let folder: String
    private let isVersion2: Bool

    public init(limit: Int) throws {
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        let first = mounts.first { $0[2] == "cgroup" && $0[3].split(separator: ",").contains("memory") }
        guard let mount = first ?? mounts.first(where: { $0[2] == "cgroup2" }) else {
            throw NeverHappened(description: "no memory cgroup is mounted")
        }
        isVersion2 = mount[2] == "cgroup2"
        folder = "\(mount[1])/sidelong-test-\(UUID().uuidString)"
        if isVersion2 { try Self.write("+memory", to: "\(mount[1])/cgroup.subtree_control") }
        guard unsafe mkdir(folder, 0o755) == 0 else { throw NeverHappened(description: "\(folder): errno \(errno)") }
        try Self.write("\(limit)", to: "\(folder)/\(isVersion2 ? "memory.max" : "memory.limit_in_bytes")")
    }

    deinit {
        _ = unsafe rmdir(folder)
    }

    /// Runs the command line that follows it within the group.
    public var launcher: [String] { ["sh", "-c", "echo $$ > \(folder)/cgroup.procs && exec \"$0\" \"$@\""] }

    /// Processes that the kernel has killed for want of memory.
    public func kills() throws -> Int {
        let file = isVersion2 ? "memory.events" : "memory.oom_control"
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("oom_kill ") }),
            let count = Int(line.dropFirst("oom_kill ".count))
        else { throw NeverHappened(description: "\(file) does not count kills: \(text)") }
        return count
    }

    /// The most bytes that were in use at once, files' pages included; nil before Linux 5.19 with version 2.
    public var peak: Int? {
        let file = isVersion2 ? "memory.peak" : "memory.max_usage_in_bytes"
        let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        return text.flatMap { Int($0.trimmingCharacters(in: .newlines)) }
    }

    private static func write(_ text: String, to path: String) throws {
        let file = unsafe fopen(path, "w")
        guard let file = unsafe file else { throw NeverHappened(description: "\(path): errno \(errno)") }
        unsafe fputs(text, file)
        guard unsafe fclose(file) == 0 else { throw NeverHappened(description: "\(path): errno \(errno)") }
    }
}
