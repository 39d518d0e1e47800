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

extension RedisBooks {
    /// Names a command and the group of its first key; see ``TrafficEngine/name(_:of:)``.
    mutating func name(_ arguments: [[UInt8]]) -> CommandName {
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
