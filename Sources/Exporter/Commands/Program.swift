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
        Allocator.setUp()
        do throws(ConfigurationError) {
            try OpenFiles.requireEnough()
            let arguments = try Arguments(given.afterName)
            given.scrubSecrets()
            let work = try begin(arguments, environment: ProcessSecrets.takeEnvironment(hiding: Settings.reads))
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
        let origin = Configuration.Origin(arguments, environment: environment)
        switch arguments.word {
        case .help: return { () throws(ConfigurationError) in try show(Help.text) }
        case .version: return { () throws(ConfigurationError) in try show(Help.version) }
        case .serve:
            Allocator.bringMemory()
            return try serve(try origin.read(), origin, environment)
        case .check: return try check(try origin.read())
        case .top:
            Capabilities.dropAll()
            let top = try Top(arguments, try origin.read().settings, environment)
            return { () throws(ConfigurationError) in try finish { show in try top.run(show) } }
        case .advise:
            Capabilities.dropAll()
            let advise = try Advise(arguments, try origin.read().settings)
            return { () throws(ConfigurationError) in try finish { show in try advise.run(show) } }
        case .health:
            let origin = Configuration.Origin(
                arguments.checking(ContainerArguments.ofSidelong()), environment: environment)
            return try health(arguments.operands.first, try origin.read().settings)
        case .hashKey:
            Capabilities.dropAll()
            return { () throws(ConfigurationError) in
                try show(HashKey.line(for: HashKey.input(), named: arguments.operands.first))
            }
        case .replay:
            let format = arguments.value(of: .replayFormat).flatMap(ReplayFormat.init)
            let replay = try Replay(
                arguments.operands[0], WireSettings(try origin.read().settings), format ?? .prometheus)
            return { () throws(ConfigurationError) in
                let outcome = try replay.outcome()
                if let warning = outcome.warning { complain(warning) }
                return try show(outcome.text)
            }
        }
    }

    private static func serve(
        _ configuration: Configuration, _ origin: Configuration.Origin, _ environment: [String: String]
    ) throws(ConfigurationError) -> Work {
        // Before the capture takes its share.
        try OpenFiles.requireEnough(targets: configuration.targets, interfaces: configuration.interfaces)
        var files = WebFiles()
        let rules = try WebConfiguration.rules(for: configuration.settings, &files)
        let heartbeats = Heartbeats(LoopStopper.wanted(by: environment))
        let loop = heartbeats.newLoop("capture")
        // The capture has a thread. Until here, where files may hang, a signal ends the program as usual.
        let signals = Signal.received()
        let asked = try wireSettings(configuration.settings)
        let wire = Wire(asked, MemoryBudget(configuration.settings), keys: try asked.http.keys()) {
            heartbeats.beat(loop, pause: LiveCapture.longestPause)
        }
        return { [files] () throws(ConfigurationError) in
            let start = Daemon.Start(configuration: configuration, origin: origin, rules: rules, files: files)
            return try await Daemon.run(start, wire, heartbeats, signals)
        }
    }

    private static func check(_ configuration: Configuration) throws(ConfigurationError) -> Work {
        var files = WebFiles()
        _ = try WebConfiguration.rules(for: configuration.settings, &files)
        let asked = try wireSettings(configuration.settings)
        let wire = Wire(asked, MemoryBudget(configuration.settings), keys: try asked.http.keys())
        return { () throws(ConfigurationError) in
            let report = await Check.report(on: configuration, wire)
            return try show(report.table, report.isComplete ? .success : .failure)
        }
    }

    private static func health(_ url: String?, _ settings: Settings) throws(ConfigurationError) -> Work {
        Capabilities.dropAll()
        let probe = try HealthProbe(url, settings)
        return {
            let deadline = JobThread("deadline")
            deadline.run(at: .now + HealthProbe.limit) {
                complain("no answer within \(HealthProbe.limit)")
                exit(Exit.failure.rawValue)
            }
            guard let problem = probe.problem() else { return .success }
            complain(problem)
            return .failure
        }
    }

    /// What reads another server: it fails when that cannot be read.
    private static func finish(
        _ work: ((String) throws(ConfigurationError) -> Void) throws -> Void
    ) throws(ConfigurationError) -> Exit {
        do {
            try work { text throws(ConfigurationError) in _ = try show(text) }
            return .success
        } catch let problem as ServerProblem {
            complain("\(problem)")
            return .failure
        } catch {
            throw error as? ConfigurationError ?? ConfigurationError("\(error)")
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
