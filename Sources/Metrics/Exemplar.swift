// An exemplar leads from a bucket of a histogram to one request that fell into it: by the identifier of its trace, for
// instance. It is never data of a person.

/// One observation that stands for the others in its bucket.
public struct Exemplar: Sendable, Equatable {
    /// The name of its label, such as `trace_id`.
    public let label: String
    public let value: String
    /// What was observed, in the exported unit of its family.
    public let observation: Double
    public let time: Moment

    /// What the label's name and value may have together (OpenMetrics 1.0, "Exemplars").
    private static let mostCharacters = 128

    /// - Returns: nil when name and value are longer than a page may show.
    public init?(label: String, value: String, observation: Double, at time: Moment) {
        let name = Naming.safeName(label)
        guard name.unicodeScalars.count + value.unicodeScalars.count <= Self.mostCharacters else { return nil }
        (self.label, self.value, self.observation, self.time) = (name, value, observation, time)
    }
}
