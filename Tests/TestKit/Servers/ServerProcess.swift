import CSpawn
import Foundation
import Glibc
import Synchronization

/// A server or tool that a test starts, and that ends with the test at the latest.
///
/// Started with posix_spawn and no descriptor but the standard ones: tests run side by side, and a server that
/// inherited another test's pipe or socket would keep it open.
public final class ServerProcess: Sendable {
    /// Everything the program wrote to standard output and standard error.
    public var output: String {
        String(decoding: (try? Data(contentsOf: outputFile)) ?? Data(), as: UTF8.self)
    }

    public let identifier: Int32
    private let outputFile: URL
    /// Kept, because the output lies in it.
    private let folder: TemporaryFolder
    /// The exit status once the program has ended; a signal's number is negative.
    private let ended = Mutex<Int32?>(nil)

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up in the usual places, /usr/sbin included.
    ///   - environment: variables on top of PATH, HOME and a sanitizer's; nothing else is inherited.
    ///   - folder: receives the output as `NAME.log`, and is the working folder.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: TemporaryFolder
    ) throws {
        self.folder = folder
        let name = (program as NSString).lastPathComponent
        outputFile = folder.url.appending(path: "\(name)-\(UUID().uuidString.prefix(8)).log")
        let variables = ["PATH": Self.searchPath, "HOME": folder.url.path]
            .merging(Self.sanitizerOptions) { $1 }.merging(environment) { $1 }
        identifier = try Self.spawn(
            [try Self.find(program)] + arguments, variables.map { "\($0)=\($1)" }, output: outputFile.path,
            folder: folder.url.path)
    }

    /// How a program that was built with a sanitizer behaves; empty where there is none.
    static let sanitizerOptions = {
        let options = ProcessInfo.processInfo.environment.filter {
            ["ASAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE"].contains($0.key)
        }
        return options.keys.contains { $0.hasSuffix("SAN_OPTIONS") } ? options : [:]
    }()

    deinit {
        kill()
    }

    public var isRunning: Bool { status(waiting: false) == nil }

    /// Sends a signal, such as SIGSTOP, SIGCONT or SIGTERM.
    public func send(_ signal: Int32) {
        guard isRunning else { return }
        Glibc.kill(identifier, signal)
    }

    /// Ends the program at once, also when it is stopped, and waits for its end.
    public func kill() {
        send(SIGKILL)
        _ = status(waiting: true)
    }

    /// Asks the program to end, and ends it when it does not within two seconds. One with processes of its own, such as
    /// nginx, ends them first; killed at once, it would leave them behind.
    public func end() {
        send(SIGTERM)
        let limit = ContinuousClock.now + .seconds(2)
        while isRunning && .now < limit { usleep(2000) }
        kill()
    }

    /// Waits for the end of the program and returns its exit status; a signal's number is negative.
    public func exitStatus(within limit: Duration = .seconds(90)) async throws -> Int32 {
        try await eventually("end of process \(identifier)", within: limit) { !isRunning }
        return status(waiting: true) ?? 0
    }

    /// Runs a short program to its end; blocks the thread meanwhile.
    ///
    /// - Returns: its exit status and everything it wrote.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        in folder: TemporaryFolder? = nil
    ) throws -> (status: Int32, output: String) {
        let process = try ServerProcess(
            program, arguments, environment: environment, in: folder ?? TemporaryFolder())
        let status = process.status(waiting: true) ?? 0
        return (status, process.output)
    }

    private func status(waiting: Bool) -> Int32? {
        ended.withLock { ended in
            if ended != nil { return ended }
            var status: Int32 = 0
            guard unsafe waitpid(identifier, &status, waiting ? 0 : WNOHANG) == identifier else { return nil }
            // wait(2): the low seven bits are the signal, the next byte the exit status.
            ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
            return ended
        }
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String], output: String, folder: String
    ) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addchdir_np(&actions, folder)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        let argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let envp = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (argv + envp).forEach { unsafe free($0) } }
        var identifier: Int32 = 0
        let status = unsafe posix_spawn(&identifier, arguments[0], &actions, nil, argv, envp)
        guard status == 0 else {
            throw NeverHappened(description: "\(arguments[0]): \(unsafe String(cString: strerror(status)))")
        }
        return identifier
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
