// The errors that a Redis answers with, sorted into the few reasons that an operator can do something about.

import Metrics

extension CollectorFailure {
    /// What an error reply to a command means.
    ///
    /// - Parameters:
    ///   - error: the reply, such as `NOPERM this user has no permissions …`.
    ///   - command: the command as its user wrote it, such as `CONFIG GET`; never one with a secret.
    init(serverError error: ErrorText, to command: String) {
        let said = "\(command): \(Self.printable(error.shown))"
        switch error.kind {
        case "NOAUTH":
            self.init(.auth, "the server wants a password, and none is given")
        case "NOPERM":
            self.init(.denied, "\(said); grant it with ACL SETUSER … \(ACLRule.grant(for: command))")
        case "DENIED":
            self.init(.denied, "the server is in protected mode and takes connections from its own host only")
        case "LOADING":
            self.init(.loading, "the server is loading its data")
        default:
            self.init(Self.isUnknownCommand(error) ? .unsupported : .refused, said)
        }
    }

    /// What an error reply to AUTH means. The reply is not repeated: a server without AUTH repeats the password in it.
    init(authError error: ErrorText, user: String?) {
        if error.hasPrefix("NOPERM") || Self.isUnknownCommand(error) {
            self.init(.auth, "the server does not let this user authenticate")
        } else {
            self.init(.auth, "the server refuses the password of \(user.map { "user \($0)" } ?? "the default user")")
        }
    }

    /// Whether an error means that the command was turned down before it was carried out, which the server does not
    /// count as a command processed (processCommand in Redis' server.c).
    static func isRejection(_ error: ErrorText) -> Bool {
        let words = ["NOAUTH ", "NOPERM ", "LOADING ", "BUSY ", "MASTERDOWN ", "DENIED "]
        // A command that knows its own subcommands is carried out to say that it does not know one.
        let texts = ["ERR unknown command", "ERR unknown subcommand '", "ERR wrong number of arguments"]
        return (words + texts).contains(where: error.hasPrefix)
    }

    /// Whether the server does not have the command, or a proxy does not let it pass.
    private static func isUnknownCommand(_ error: ErrorText) -> Bool {
        ["unknown command", "unknown subcommand", "unknown sub command", "not supported", "not allowed"]
            .contains { error.mentions(anyCase: $0) }
    }

    /// The first 200 characters of one line.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(200).map { $0.value < 32 ? " " : $0 }))
    }
}
