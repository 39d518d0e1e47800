// What can be wrong with TLS settings, by the setting that is to be mended.

/// TLS settings that cannot be used.
public struct TLSProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting that is to be mended.
    public enum Setting: Sendable {
        case certificate, key, clientAuthority, cipherSuites
        /// None: the library is missing.
        case library
    }

    public let setting: Setting
    /// What is wrong with it. Never shows any of it.
    public let description: String

    init(_ setting: Setting, _ description: String) {
        self.setting = setting
        self.description = description
    }
}
