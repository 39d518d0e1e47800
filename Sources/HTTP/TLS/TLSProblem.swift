// What can be wrong with TLS settings, by the setting that is to be mended.

/// TLS settings that cannot be used.
public struct TLSProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The part of the settings.
    public enum Part: Sendable {
        case certificate, key, clientAuthority, cipherSuites
    }

    public let part: Part
    /// What is wrong with it. Never shows any of it.
    public let description: String

    init(_ part: Part, _ description: String) {
        self.part = part
        self.description = description
    }
}
