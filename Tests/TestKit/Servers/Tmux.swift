import Foundation

/// A program on a real terminal, which is one of tmux's: keys go in, the picture comes out.
public final class Tmux: Sendable {
    private let folder: TemporaryFolder
    private let socket: String

    /// Starts a shell on a terminal of that size.
    ///
    /// - Parameter environment: variables of the shell, beside PATH.
    public init(width: Int = 80, height: Int = 24, environment: [String: String] = ["LANG": "C.UTF-8"]) throws {
        folder = try TemporaryFolder()
        socket = folder.path("tmux")
        // Not a login shell, whose profile might say anything.
        let variables = environment.merging(["PS1": "$ ", "HISTFILE": ""]) { own, _ in own }
        let shell =
            "exec env -i PATH=\"$PATH\" TERM=tmux-256color \(variables.map { "\($0)='\($1)'" }.sorted().joined(separator: " ")) sh"
        // Threads of tests hold signals back, and what they start would inherit that.
        let unmask =
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp('tmux', sys.argv[1:])"
        let start = try ServerProcess.run(
            "python3",
            [
                "-c", unmask, "tmux", "-S", socket, "-u", "-f", "/dev/null", "new-session", "-d", "-x", "\(width)",
                "-y", "\(height)", shell,
            ])
        guard start.status == 0 else { throw NeverHappened(description: "tmux: \(start.output)") }
    }

    deinit {
        _ = try? run("kill-server")
    }

    /// Types keys as tmux calls them: `q`, `Enter`, `Up`, `C-c`.
    public func press(_ keys: String...) throws {
        try tmux(["send-keys"] + keys)
    }

    /// Types a line and ends it.
    public func type(_ line: String) throws {
        try tmux("send-keys", "-l", line)
        try press("Enter")
    }

    public func resize(width: Int, height: Int) throws {
        try tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    /// What the terminal shows, a text for each row; blanks at the end of rows are left out.
    ///
    /// - Parameter styles: with the escapes of colours.
    public func screen(styles: Bool = false) throws -> [String] {
        let text = try tmux(["capture-pane", "-p"] + (styles ? ["-e"] : []))
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A fact about the terminal, such as `alternate_on` or `cursor_flag`.
    public func fact(_ name: String) throws -> String {
        try tmux("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits until some row of the screen holds a text.
    public func shows(_ text: String, within limit: Duration = .seconds(90)) async throws {
        try await eventually("the terminal shows \(text)", within: limit) {
            try screen().contains { $0.contains(text) }
        }
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let result = try run(arguments)
        guard result.status == 0 else { throw NeverHappened(description: "tmux \(arguments): \(result.output)") }
        return result.output
    }

    private func run(_ arguments: String...) throws -> (status: Int32, output: String) { try run(arguments) }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try ServerProcess.run("tmux", ["-S", socket] + arguments)
    }
}
