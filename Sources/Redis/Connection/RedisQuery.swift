// One command of a poll, as it is sent and as it stands in messages.

/// A command with its arguments.
struct RedisQuery: Sendable, Equatable {
    /// The command as it stands in messages, such as `CONFIG GET`: never an argument that a user has chosen.
    let title: String
    let words: [String]
    /// How long the reply may be.
    let bound: ReplyBound

    /// - Parameter title: the words of the command, separated by blanks; a word in lower case is an argument.
    init(_ title: String, _ arguments: [String] = [], bound: ReplyBound = .usual) {
        self.title = title
        self.words = title.split(separator: " ").map(String.init) + arguments
        self.bound = bound
    }

    init(_ title: String, _ arguments: String..., bound: ReplyBound = .usual) {
        self.init(title, arguments, bound: bound)
    }
}

extension ReplyBound {
    /// Servers stay far below. What is longer is passed over in the stream.
    static let usual = ReplyBound(bytes: 2 << 20, isOptional: true)
}
