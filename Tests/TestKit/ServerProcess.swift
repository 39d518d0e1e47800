public import Foundation
import Synchronization

/// A server or tool that a test starts, and that ends with the test at the latest.
public final class ServerProcess: Sendable {
    /// Everything the program wrote to standard output and standard error.
    public var output: String {
        String(decoding: (try? Data(contentsOf: outputFile)) ?? Data(), as: UTF8.self)
    }

    public let identifier: pid_t
    private let process: Mutex<Process>
    private let outputFile: URL
    /// Kept, because the output lies in it.
    private let folder: TemporaryFolder

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up in PATH and in /usr/sbin.
    ///   - environment: variables on top of PATH and HOME; nothing else is inherited.
    ///   - folder: receives the output as `NAME.log`, and is the working folder.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: TemporaryFolder
    ) throws {
        self.folder = folder
        let name = (program as NSString).lastPathComponent
        outputFile = folder.url.appending(path: "\(name)-\(UUID().uuidString.prefix(8)).log")
        try Data().write(to: outputFile)
        let output = try FileHandle(forWritingTo: outputFile)
        let started = Process()
        started.executableURL = URL(fileURLWithPath: try Self.find(program))
        started.arguments = arguments
        started.environment = ["PATH": Self.searchPath, "HOME": folder.url.path].merging(environment) { $1 }
        started.currentDirectoryURL = folder.url
        started.standardInput = FileHandle.nullDevice
        started.standardOutput = output
        started.standardError = output
        try started.run()
        identifier = started.processIdentifier
        process = Mutex(started)
    }

    deinit {
        kill()
    }

    public var isRunning: Bool { process.withLock { $0.isRunning } }

    /// Sends a signal, such as SIGSTOP, SIGCONT or SIGTERM.
    public func send(_ signal: Int32) {
        Glibc.kill(identifier, signal)
    }

    /// Ends the program at once, also when it is stopped, and waits for its end.
    public func kill() {
        process.withLock { process in
            guard process.isRunning else { return }
            Glibc.kill(identifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Waits for the end of the program and returns its exit status; a signal's number is negative.
    public func exitStatus(within limit: Duration = .seconds(30)) async throws -> Int32 {
        try await eventually("end of process \(identifier)", within: limit) { !isRunning }
        return process.withLock {
            $0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus
        }
    }

    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private static func find(_ program: String) throws -> String {
        if program.contains("/") { return program }
        for folder in searchPath.split(separator: ":") where unsafe access("\(folder)/\(program)", X_OK) == 0 {
            return "\(folder)/\(program)"
        }
        throw NeverHappened(description: "\(program) is not installed; `make tools` installs what tests need")
    }
}
