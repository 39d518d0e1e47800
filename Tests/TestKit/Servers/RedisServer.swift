import Foundation
import Synchronization

/// A redis-server or valkey-server of one test's own, on a free port of 127.0.0.1.
public final class RedisServer: Sendable {
    public let port: Int
    public let folder: TemporaryFolder
    private let program: String
    private let arguments: [String]
    private let process: Mutex<ServerProcess>

    /// What a server writes when it takes connections.
    public static let ready = "Ready to accept connections"

    /// Starts a server and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up as ``ServerProcess`` does.
    ///   - lines: lines of the configuration file, beside port, bind address, folder and `save ""`.
    ///   - arguments: arguments after the configuration file, such as `--sentinel`.
    ///   - mark: what the server writes when it can be used.
    public init(
        _ program: String = "redis-server", _ lines: [String] = [], arguments: [String] = [],
        in folder: TemporaryFolder? = nil, until mark: String = RedisServer.ready
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        var attempts = 5
        while true {
            // Somebody else may take the port before the server does; then another one is tried.
            let port = try freePort()
            let configuration = try folder.write(
                (["port \(port)", "bind 127.0.0.1", "dir \(folder.url.path)", "save \"\""] + lines)
                    .joined(separator: "\n") + "\n",
                to: "redis-\(port).conf")
            let process = try ServerProcess(program, [configuration] + arguments, in: folder)
            try await eventually("'\(mark)' from \(program)") { process.output.contains(mark) || !process.isRunning }
            attempts -= 1
            if process.isRunning || attempts == 0 {
                guard process.isRunning else { throw NeverHappened(description: process.output) }
                self.port = port
                self.folder = folder
                self.program = program
                self.arguments = [configuration] + arguments
                self.process = Mutex(process)
                return
            }
        }
    }

    /// `127.0.0.1:PORT`.
    public var address: String { "127.0.0.1:\(port)" }

    /// What the server has written since it was started.
    public var output: String { process.withLock { $0.output } }

    /// Sends a signal, such as SIGSTOP or SIGCONT.
    public func send(_ signal: Int32) {
        process.withLock { $0.send(signal) }
    }

    /// Ends the server at once.
    public func kill() {
        process.withLock { $0.kill() }
    }

    /// Ends the server at once and starts it again on the same port.
    public func restart(until mark: String = RedisServer.ready) async throws {
        kill()
        try await start(until: mark)
    }

    /// Starts the server again after ``kill()``.
    public func start(until mark: String = RedisServer.ready) async throws {
        let started = try ServerProcess(program, arguments, in: folder)
        try await eventually("'\(mark)' from \(program)") { started.output.contains(mark) }
        process.withLock { $0 = started }
    }

    /// Runs a command with redis-cli and returns what it prints, without the last line end.
    @discardableResult
    public func cli(_ arguments: String...) throws -> String { try cli(arguments) }

    @discardableResult
    public func cli(_ arguments: [String]) throws -> String {
        let text = try ServerProcess.run("redis-cli", ["-p", String(port)] + arguments).output
        return text.trimmingCharacters(in: .newlines)
    }
}
