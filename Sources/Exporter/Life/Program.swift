// The program as its user meets it: a word on the command line, and an exit status.

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

    /// Does what the command line says and exits.
    public static func main() async {
        do throws(ConfigurationError) {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            exit((try await run(arguments, environment: Environment.all)).rawValue)
        } catch {
            show("sidelong: \(error)\n", on: STDERR_FILENO)
            exit(Exit.badConfiguration.rawValue)
        }
    }

    private static func run(
        _ arguments: Arguments, environment: [String: String]
    ) async throws(ConfigurationError) -> Exit {
        if arguments.isHelp {
            show(Help.text, on: STDOUT_FILENO)
            return .success
        }
        if arguments.isVersion {
            show(Help.version, on: STDOUT_FILENO)
            return .success
        }
        let configuration = Configuration.Source(arguments, environment: environment)
        switch arguments.word {
        case .serve:
            return try await Daemon.run(configuration)
        case .check:
            let report = await Check.report(on: try configuration.read())
            show(report.table, on: STDOUT_FILENO)
            return report.isComplete ? .success : .failure
        case .health:
            let own = HealthProbe.ownURL(try configuration.read())
            let url = arguments.operands.first ?? own
            guard let problem = HealthProbe.problem(at: url) else { return .success }
            show("sidelong: \(problem)\n", on: STDERR_FILENO)
            return .failure
        }
    }

    private static func show(_ text: String, on descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
