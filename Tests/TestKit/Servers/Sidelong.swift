import Foundation

/// The built program, running.
public final class Sidelong: Sendable {
    public let port: Int
    public let process: ServerProcess
    public let folder: TemporaryFolder

    /// What `make test` says, which is the release binary that ships; otherwise the binary that was built last.
    public static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["SIDELONG_BINARY"] { return path }
        let built = ["release", "debug"].map { Project.root.appending(path: ".build/\($0)/sidelong").path }
        func age(_ path: String) -> Date {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return attributes?[.modificationDate] as? Date ?? .distantPast
        }
        return built.max { age($0) < age($1) } ?? built[0]
    }()

    /// Starts the daemon on a free port of 127.0.0.1 and waits until it serves.
    ///
    /// - Parameters:
    ///   - launcher: a command line that runs another one, such as setpriv, and the binary to run with it.
    ///   - known: the port, where the log cannot tell which one the kernel has chosen.
    public init(
        _ arguments: [String], environment: [String: String] = [:],
        through launcher: (command: [String], binary: String)? = nil, on known: Int? = nil
    ) async throws {
        folder = try TemporaryFolder()
        let command = (launcher?.command ?? []) + [launcher?.binary ?? Self.binary]
        process = try ServerProcess(
            command[0],
            command.dropFirst() + ["serve", "--web.listen-address=127.0.0.1:\(known ?? 0)"] + Self.patience
                + (Self.hasFilter ? [] : ["--process.system-call-filter=false"]) + arguments,
            environment: environment, in: folder)
        let process = process
        try await eventually("sidelong listens: \(process.output)") {
            guard process.isRunning else { throw NeverHappened(description: "sidelong ended: \(process.output)") }
            return known.map { (try? RawSocket(port: $0)) != nil } ?? (Self.port(in: process.output) != nil)
        }
        port = known ?? Self.port(in: process.output) ?? 0
    }

    /// Tests run side by side, so that a healthy target may answer late; how late is not what they are about.
    private static let patience = ["--health.response-time=100000,100000"]

    /// Whether the program is built with a sanitizer, which changes how much memory and time it takes.
    public static let isSanitized = !ServerProcess.sanitizerOptions.isEmpty

    /// Whether system calls are filtered. A sanitizer starts a program of its own to name the functions in a report,
    /// which the filter would forbid.
    public static let hasFilter = !isSanitized

    /// Runs another word of the program to its end.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: String) {
        let process = try ServerProcess(binary, arguments, environment: environment, in: TemporaryFolder())
        let status = try await process.exitStatus()
        return (status, process.output)
    }

    public func get(_ path: String, headers: [String: String] = [:]) throws -> HTTPAnswer {
        try request(port: port, path, headers: headers)
    }

    /// The page as text.
    public func page() throws -> String {
        try get("/metrics").text
    }

    /// The value of one series of the page, such as `redis_up` or `redis_db_keys{db="db0"}`; nil when it is absent.
    public func value(_ series: String) throws -> Double? {
        let line = try page().split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// Whether the page has a series of the family.
    public func shows(_ family: String) throws -> Bool {
        try page().split(separator: "\n").contains { $0.hasPrefix(family + " ") || $0.hasPrefix(family + "{") }
    }

    /// Waits until a series has a value.
    public func waits(for series: String, toBe expected: Double?, within limit: Duration = .seconds(90)) async throws {
        try await eventually("\(series) is \(expected.map { "\($0)" } ?? "absent")", within: limit) {
            try value(series) == expected
        }
    }

    /// Waits until every source has been polled once.
    public func isReady() async throws {
        try await eventually("ready") { try get("/health/ready").status == 200 }
    }

    private static func port(in log: String) -> Int? {
        guard let line = log.split(separator: "\n").first(where: { $0.contains("msg=listening") }),
            let colon = line.lastIndex(of: ":")
        else { return nil }
        return Int(line[line.index(after: colon)...])
    }
}
