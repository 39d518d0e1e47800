// Commands that come from elsewhere than the network, such as the slow log, under the same names as those that do.

/// What a command is called on the page.
public struct CommandName: Sendable, Hashable {
    /// In lower case, `config|get`; `unknown` where the arguments name none.
    public let command: String
    /// Nil where the command has no key.
    public let keyGroup: String?
    /// Empty where no pattern names a project.
    public let project: String
}

extension TrafficEngine {
    /// Names a command and the group of its first key, exactly as the wire families would.
    ///
    /// The server has run the command, so its words are learned, and the key counts towards its group's weight, as one
    /// seen on the network does. It does not count among the busiest keys.
    ///
    /// - Parameters:
    ///   - arguments: all of the command's arguments, its name first. They may be cut.
    ///   - target: the number of the target that it was sent to.
    public mutating func name(_ arguments: [[UInt8]], of target: Int = 0) -> CommandName {
        withBooks(of: target) { $0.name(arguments) }
    }
}

extension RedisBooks {
    fileprivate mutating func name(_ arguments: [[UInt8]]) -> CommandName {
        var reader = CommandReader()
        nameCommands { books in
            var wanted = 0
            while wanted < arguments.count {
                let argument = arguments[wanted]
                let kept = Swift.min(argument.count, RESPLimits.keptArgument)
                let next = reader.take(
                    argument.span.extracting(0..<kept), length: argument.count, index: wanted, count: arguments.count,
                    &books)
                guard next > wanted else { break }
                wanted = next
            }
        }
        let command = commands.names[Int(reader.command)]
        if reader.group == .none { return CommandName(command: command, keyGroup: nil, project: "") }
        guard let slot = labelledSlot(of: reader.group), let label = keys.labels[slot] else {
            return CommandName(command: command, keyGroup: "other", project: "")
        }
        return CommandName(
            command: command, keyGroup: String(printable: label.name), project: String(printable: label.project))
    }
}
