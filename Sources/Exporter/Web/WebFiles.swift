// The files that a web configuration consists of: itself, certificates, keys, authorities. Each is remembered as it was
// just before it was read, so that a change, whenever it comes, is seen at the next look.

import System

/// Reads files and remembers them.
struct WebFiles {
    /// Every file that was read, or that could not be read.
    private(set) var seen: [FileState] = []
    private let text: @Sendable (_ path: String) throws(SystemError) -> String

    /// - Parameter text: what a file holds, or why it cannot be read.
    init(
        _ text: @escaping @Sendable (_ path: String) throws(SystemError) -> String = { path throws(SystemError) in
            try SmallFile.text(path)
        }
    ) {
        self.text = text
    }

    mutating func read(_ path: String) throws(ConfigurationError) -> String {
        seen.append(FileState(path))
        do {
            return try text(path)
        } catch {
            throw ConfigurationError(Shown.problem(error, of: path))
        }
    }

    /// Whether one of them is not what it was. Costs a system call for each.
    var haveChanged: Bool {
        seen.contains { $0 != FileState($0.path) }
    }
}
