// The program as its user meets it: a word on the command line, and an exit status.

import Capture
import Dispatch
import Glibc

/// The command line's entry point.
public enum Program {
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
    public static func main() -> Never {
        do throws(ConfigurationError) {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            let work = try begin(arguments, environment: Environment.all)
            Task {
                do throws(ConfigurationError) {
                    exit((try await work()).rawValue)
                } catch {
                    refuse(error)
                }
            }
        } catch {
            refuse(error)
        }
        dispatchMain()
    }

    /// The part that runs before there is a second thread.
    private static func begin(
        _ arguments: Arguments, environment: [String: String]
    ) throws(ConfigurationError) -> Work {
        if arguments.isHelp { return { show(Help.text) } }
        if arguments.isVersion { return { show(Help.version) } }
        let source = Configuration.Source(arguments, environment: environment)
        let configuration = try source.read()
        switch arguments.word {
        case .serve:
            let heartbeats = Heartbeats(LoopStopper.wanted(by: environment))
            let loop = heartbeats.newLoop("capture")
            let wire = Wire(WireSettings(configuration.settings)) { heartbeats.beat(loop, pause: .seconds(1)) }
            return { () throws(ConfigurationError) in
                try await Daemon.run(configuration, from: source, wire, heartbeats)
            }
        case .check:
            let wire = Wire(WireSettings(configuration.settings))
            return {
                let report = await Check.report(on: configuration, wire)
                _ = show(report.table)
                return report.isComplete ? .success : .failure
            }
        case .health:
            Capabilities.dropAll()
            let url = arguments.operands.first ?? HealthProbe.ownURL(configuration)
            return {
                guard let problem = HealthProbe.problem(at: url) else { return .success }
                return show("sidelong: \(problem)\n", on: STDERR_FILENO, .failure)
            }
        case .replay:
            let replay = try Replay(arguments.operands[0], WireSettings(configuration.settings), arguments.format)
            return { () throws(ConfigurationError) in show(try replay.text(), on: STDOUT_FILENO, .success) }
        }
    }

    private static func refuse(_ error: ConfigurationError) -> Never {
        exit(show("sidelong: \(error)\n", on: STDERR_FILENO, .badConfiguration).rawValue)
    }

    /// Writes the text, all of it, and returns the exit status that goes with it.
    private static func show(_ text: String, on descriptor: Int32 = STDOUT_FILENO, _ exit: Exit = .success) -> Exit {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return exit
    }
}
