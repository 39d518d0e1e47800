// Queues and channels that the traffic shows to be in use. Their names come from the capture and are asked for as they
// are; the page has what they are called there.

/// A queue or a channel by its whole name.
public struct BusyKey: Sendable, Hashable {
    public let name: String
    /// What it is called on the page.
    public let label: String
    /// Of a channel: whether it belongs to a slot of a cluster (SPUBLISH).
    public let isSharded: Bool

    public init(name: String, label: String, isSharded: Bool = false) {
        self.name = name
        self.label = label
        self.isSharded = isSharded
    }

    /// As many of each are looked at.
    public static let most = 20
}
