// Why the program does not start, or does not take a new configuration over: one line for standard error or the log.

/// A configuration that cannot be used: one line naming the option, the value and what is allowed.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    let description: String

    /// - Parameter description: control characters in what it quotes become blanks, so that it stays one line; what
    ///   else is hidden in it is written out.
    init(_ description: String) {
        self.description = String(decoding: description.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self).visible
    }
}
