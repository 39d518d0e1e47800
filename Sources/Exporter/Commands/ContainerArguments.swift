// The health check of an image is a second Sidelong in the container, started with the word `health` alone. Where the
// first one serves may stand in its flags, which the image cannot know.

import System

/// The command line of the program that a container was started for, its process 1.
enum ContainerArguments {
    /// What process 1 was told, where it is a Sidelong; nil elsewhere, and where it cannot be read. An init that was
    /// put before it (`docker run --init`) has the command line behind its own.
    static func ofSidelong() -> [String]? {
        (try? SmallFile.text("/proc/1/cmdline")).flatMap(afterName)
    }

    /// The arguments behind Sidelong's name in a text of proc(5)'s `cmdline`, each ended by a zero byte.
    static func afterName(in text: String) -> [String]? {
        let words = text.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init)
        guard let name = words.firstIndex(where: { $0 == "sidelong" || $0.hasSuffix("/sidelong") }) else { return nil }
        return Array(words[(name + 1)...])
    }
}

extension Arguments {
    /// Those of a health check, with where the container's server listens and how it is asked.
    ///
    /// The same where something was said of that, or where no server was started with these arguments.
    func checking(_ container: [String]?) -> Arguments {
        guard flags.isEmpty, operands.isEmpty, configurationFile == nil, let container,
            let server = try? Arguments(container), server.word == .serve
        else { return self }
        var arguments = self
        arguments.configurationFile = server.configurationFile
        arguments.flags = server.flags.filter { $0.key.hasPrefix("web.") || $0.key.hasPrefix("client.") }
        return arguments
    }
}
