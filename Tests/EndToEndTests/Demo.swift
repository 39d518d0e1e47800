import Foundation
import Glibc
import TestKit

/// `deploy/demo/run`, running: what `make run` starts when there is nothing to watch.
final class Demo: Sendable {
    let process: ServerProcess
    let folder: TemporaryFolder

    /// - Parameters:
    ///   - root: the folder that `deploy` is in.
    ///   - launcher: a command line that runs another one, such as setpriv.
    init(
        _ environment: [String: String], in root: URL = Project.root, binary: String = Sidelong.binary,
        through launcher: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        // Postgres does not run as root and has to get at its data; a demo of another user writes here.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
        // Test runners start their children with signals ignored, and a shell cannot trap those.
        let command = launcher + ["env", "--default-signal", "bash", root.appending(path: "deploy/demo/run").path]
        process = try ServerProcess(
            command[0], Array(command.dropFirst()),
            environment: ["SIDELONG_BINARY": binary, "TMPDIR": folder.url.path].merging(environment) { $1 }, in: folder)
    }

    /// A killed script would leave its servers running; a terminated one ends them.
    deinit {
        process.send(SIGTERM)
        let limit = ContinuousClock.now + .seconds(60)
        while process.isRunning, ContinuousClock.now < limit { usleep(20_000) }
    }

    /// Waits until the demo has said something.
    func says(_ text: String) async throws {
        try await eventually("\(text) in: \(process.output)", within: .seconds(120)) {
            if process.output.contains(text) { return true }
            guard process.isRunning else { throw NeverHappened(description: "the demo ended: \(process.output)") }
            return false
        }
    }

    /// The port in a line such as `  http://localhost:9121/metrics`, by what follows it.
    func port(before text: String) throws -> Int {
        for line in process.output.split(separator: "\n") where line.hasPrefix("  http://localhost:") {
            let rest = line.dropFirst("  http://localhost:".count)
            let digits = rest.prefix { $0.isNumber }
            if rest.dropFirst(digits.count).hasPrefix(text), let port = Int(digits) { return port }
        }
        throw NeverHappened(description: "no port before \(text) in: \(process.output)")
    }

    /// The samples of a family on the page, by the text of their labels.
    func values(of family: String) throws -> [String: Double] {
        let page = try request(port: port(before: "/metrics"), "/metrics").text
        var values: [String: Double] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix(family + "{") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[String(line[line.index(line.startIndex, offsetBy: family.count)..<space])] =
                Double(line[line.index(after: space)...])
        }
        return values
    }

    /// The command lines of processes that have the folder in their arguments, or as their TMPDIR.
    func processes() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap { process in
            let texts = ["environ", "cmdline"].compactMap {
                try? String(contentsOfFile: "/proc/\(process)/\($0)", encoding: .utf8)
            }
            return texts.contains { $0.contains(folder.url.path) } ? texts.last : nil
        }
    }

    /// The folder that the demo keeps its servers' files in.
    func servers() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        guard let name = names.first(where: { $0.hasPrefix("tmp.") }) else {
            throw NeverHappened(description: "no folder among \(names)")
        }
        return folder.path(name)
    }

    /// Ends the demo.
    ///
    /// - Returns: the processes and files that it leaves, which should be none.
    func end(by signal: Int32) async throws -> [String] {
        process.send(signal)
        _ = try await process.exitStatus(within: .seconds(60))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
            !$0.hasSuffix(".log")
        }
        return try processes() + files
    }
}

/// The value of a label in a text of labels.
func label(_ name: String, in labels: String) -> String {
    guard let start = labels.range(of: "\(name)=\"") else { return "" }
    return String(labels[start.upperBound...].prefix { $0 != "\"" })
}
