// Hashes of passwords, as `htpasswd -B` writes them.

/// A bcrypt hash, such as `$2y$10$` and 53 more characters. It is never shown.
public struct PasswordHash: Sendable, Hashable {
    let text: String
    /// The logarithm of how often bcrypt goes round: each step takes twice the time.
    let cost: Int

    /// Costs that are accepted. One more than the highest would keep a processor busy for some ten seconds per login.
    public static let costs = 4...16

    /// - Returns: nil for what is not `$2a$`, `$2b$` or `$2y$` with a cost in ``costs``.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
            !parts[2].hasPrefix("+"), let cost = Int(parts[2]), Self.costs.contains(cost), parts[3].utf8.count == 53,
            parts[3].utf8.allSatisfy(Self.isDigit)
        else { return nil }
        self.text = text
        self.cost = cost
    }

    /// The hash of a password that no user has, as costly as the dearest of the others. A request for an unknown user
    /// waits as long as one with a wrong password.
    static func ofNobody(besides others: some Collection<PasswordHash>) -> PasswordHash {
        let cost = others.map(\.cost).max() ?? costs.lowerBound
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return PasswordHash("$2y$\(digits)$" + "sidelong.dummy.salt.u" + String(repeating: ".", count: 32))!
    }

    /// bcrypt's own alphabet: `./A-Za-z0-9`.
    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
