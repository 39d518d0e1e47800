// The program as its user meets it: a word on the command line, and an exit status.

import Capture
import Glibc
import System

/// What main.c hands over: the arguments as the kernel has laid them down, the program's name first.
@c(sidelong_main)
public func start(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Never {
    unsafe Program.main(ProcessArguments(arguments, count: Int(count)))
}

/// The command line's entry point.
enum Program {
    /// Exit statuses, the same for every word.
    enum Exit: Int32 {
        case success = 0
        /// Something that was tried does not work.
        case failure = 1
        /// The configuration cannot be used; nothing was started.
        case badConfiguration = 2
    }

    /// What is left to do when the program has become what it will be: configured, and without capabilities.
    private typealias Work = @Sendable () async throws(ConfigurationError) -> Exit

    /// Does what the command line says and exits.
    static func main(_ given: consuming ProcessArguments) -> Never {
        OpenFiles.reserveStandard()
        ProcessSecrets.forbidDumps()
        Allocator.shareOneArena()
        do throws(ConfigurationError) {
            try OpenFiles.requireEnough()
            let arguments = try Arguments(given.afterName)
            given.scrubSecrets()
            let work = try begin(arguments, environment: ProcessSecrets.takeEnvironment(hiding: Settings.variables))
            try TaskThread.shared.start()
            Task(executorPreference: TaskThread.shared) {
                do throws(ConfigurationError) {
                    exit((try await work()).rawValue)
                } catch {
                    refuse(error)
                }
            }
        } catch {
            refuse(error)
        }
        Signal.waitForever()
    }

    /// The part that runs before there is a second thread.
    private static func begin(
        _ arguments: Arguments, environment: [String: String]
    ) throws(ConfigurationError) -> Work {
        if arguments.isHelp { return { () throws(ConfigurationError) in try show(Help.text) } }
        if arguments.isVersion { return { () throws(ConfigurationError) in try show(Help.version) } }
        let origin = Configuration.Origin(arguments, environment: environment)
        let configuration = try origin.read()
        switch arguments.word {
        case .serve:
            try OpenFiles.requireEnough(targets: configuration.targets)
            var files = WebFiles()
            let rules = try WebConfiguration.rules(for: configuration.settings, &files)
            let heartbeats = Heartbeats(LoopStopper.wanted(by: environment))
            let loop = heartbeats.newLoop("capture")
            // The capture has a thread. Until here, where files may hang, a signal ends the program as usual.
            let signals = Signal.received()
            let asked = try wireSettings(configuration.settings)
            let wire = Wire(asked, keys: try asked.http.keys()) {
                heartbeats.beat(loop, pause: Heartbeats.pulse)
            }
            return { [files] () throws(ConfigurationError) in
                let start = Daemon.Start(configuration: configuration, origin: origin, rules: rules, files: files)
                return try await Daemon.run(start, wire, heartbeats, signals)
            }
        case .check:
            var files = WebFiles()
            _ = try WebConfiguration.rules(for: configuration.settings, &files)
            let asked = try wireSettings(configuration.settings)
            let wire = Wire(asked, keys: try asked.http.keys())
            return { () throws(ConfigurationError) in
                let report = await Check.report(on: configuration, wire)
                return try show(report.table, report.isComplete ? .success : .failure)
            }
        case .health:
            Capabilities.dropAll()
            let urls = arguments.operands.isEmpty ? HealthProbe.ownURLs(configuration.settings) : arguments.operands
            return {
                let deadline = JobThread("deadline")
                deadline.run(at: .now + HealthProbe.limit) {
                    complain("no answer within \(HealthProbe.limit)")
                    exit(Exit.failure.rawValue)
                }
                guard let problem = HealthProbe.problem(atAll: urls) else { return .success }
                complain(problem)
                return .failure
            }
        case .hashKey:
            Capabilities.dropAll()
            return { () throws(ConfigurationError) in
                try show(HashKey.line(for: HashKey.input(), named: arguments.operands.first))
            }
        case .replay:
            let replay = try Replay(arguments.operands[0], WireSettings(configuration.settings), arguments.format)
            return { () throws(ConfigurationError) in
                let outcome = try replay.outcome()
                if let warning = outcome.warning { complain(warning) }
                return try show(outcome.text)
            }
        }
    }

    private static func wireSettings(_ settings: Settings) throws(ConfigurationError) -> WireSettings {
        let asked = WireSettings.asking(settings)
        _ = try asked.portTable()
        return asked
    }

    private static func refuse(_ error: ConfigurationError) -> Never {
        complain("\(error)")
        exit(Exit.badConfiguration.rawValue)
    }

    /// Writes one line to standard error, which may be full or closed.
    private static func complain(_ text: String) {
        _ = write("sidelong: \(text)\n", to: STDERR_FILENO)
    }

    /// Writes the text to standard output and returns the exit status that goes with it.
    ///
    /// - Throws: when not all of it could be written; the result is lost then.
    private static func show(_ text: String, _ exit: Exit = .success) throws(ConfigurationError) -> Exit {
        guard write(text, to: STDOUT_FILENO) else {
            throw ConfigurationError("standard output: \(unsafe String(cString: strerror(errno)))")
        }
        return exit
    }

    /// Writes all of the text; false when that is not possible, and why is in errno(3).
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
