// A queue of the operator's own, as flags and files name it.

/// One queue as the operator names it: `name=pattern`, or `name:state=pattern`.
public struct OwnQueue: Sendable, Hashable {
    public let name: String
    /// The state of its jobs; nil where the type of the key tells.
    public let state: String?
    public let pattern: KeyPattern

    /// States that can be given.
    public static let states = ["waiting", "delayed", "active", "retry", "dead", "completed"]

    /// Nil for anything else.
    public init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "="),
            let pattern = KeyPattern(parsing: String(text[text.index(after: equals)...]))
        else { return nil }
        let words = text[..<equals].split(separator: ":", omittingEmptySubsequences: false)
        let state = words.count > 1 ? words.last.map(String.init).flatMap { Self.states.contains($0) ? $0 : nil } : nil
        let name = state == nil ? String(text[..<equals]) : words.dropLast().joined(separator: ":")
        guard !name.isEmpty else { return nil }
        (self.name, self.state, self.pattern) = (name, state, pattern)
    }
}
