// Statements of the user's own: what counts in a gateway's tables is known to the gateway's people only.
public import Metrics

/// One statement of the queries file, checked, with the families that it fills.
public struct CustomQuery: Sendable {
    /// The key in the file, unique there; the collector's part is `postgres_query_NAME`.
    public let name: String
    let text: String
    /// Not to be asked of a standby.
    let isForPrimary: Bool
    /// How long an answer is good for; nil asks with every poll.
    let lifetime: Duration?
    /// The limit that the server sets for this statement, where it is below the session's.
    let timeout: Duration?
    /// The releases it is for, as `server_version_num` counts.
    let versions: Range<Int>
    /// The releases that `runonserver` names; nil for all.
    let releases: ServerReleases?
    let labels: [Label]
    let metrics: [Metric]

    /// A column that becomes a label.
    struct Label: Sendable, Equatable {
        let column: String
        let name: String
        /// What stands for NULL; the label is absent without.
        let fallback: String
    }

    /// A column that becomes a family.
    struct Metric: Sendable {
        let column: String
        let descriptor: Descriptor
        let content: Content
        /// What one unit of the column is worth in the family's.
        let scale: Double
        /// What stands for NULL; the series is absent without.
        let fallback: Double?
    }

    /// How a column's text is read.
    enum Content: Sendable {
        /// Or a date or time, shown in seconds since 1970.
        case number
        /// A span as Go writes it, `1h2m3.5s`, shown in milliseconds.
        case duration
        /// An array of upper bounds, with the columns `_bucket` (cumulative counts), `_sum` and `_count` beside it.
        case histogram
    }

    public var descriptors: [Descriptor] { metrics.map(\.descriptor) }
}
