// One row of the table that turns INFO's plain numeric fields into metrics. A new field of a new Redis is one row.

import Metrics

/// How one field of INFO becomes a metric.
struct InfoField: Sendable {
    /// The name before the colon.
    let field: String
    let descriptor: Descriptor
    /// What one unit of the field is worth in the unit of the metric.
    let scale: Scale

    enum Scale: Sendable {
        case factor(Double)
        /// The field counts this many to the metric's one; exact where a factor would not be.
        case divisor(Double)
        /// `12.34%` or `12.34`, shown as a ratio.
        case percent
    }

    /// A field that goes up and down. The sentence ends without a full stop; the command and the field are added to it.
    static func gauge(
        _ field: String, _ name: String, _ sentence: String, _ scale: Scale = .factor(1), of command: String = "INFO"
    ) -> InfoField {
        InfoField(field, Descriptor(.gauge, name, help: "\(sentence) (\(command) \(field))."), scale)
    }

    /// A field that only grows until the server restarts or its statistics are reset.
    static func counter(
        _ field: String, _ name: String, _ sentence: String, _ scale: Scale = .factor(1), of command: String = "INFO"
    ) -> InfoField {
        InfoField(field, Descriptor(.counter, name, help: "\(sentence) (\(command) \(field))."), scale)
    }

    private init(_ field: String, _ descriptor: Descriptor, _ scale: Scale) {
        self.field = field
        self.descriptor = descriptor
        self.scale = scale
    }

    /// The metric's value, or nil when the field holds no number.
    func value(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        switch scale {
        case .factor(1): InfoNumber.parse(bytes, range)
        case .factor(let factor): InfoNumber.parse(bytes, range).map { $0 * factor }
        case .divisor(let divisor): InfoNumber.parse(bytes, range).map { $0 / divisor }
        case .percent: InfoNumber.parsePercentage(bytes, range)
        }
    }
}

/// The whole table.
enum InfoFields {
    static let all = Array(
        [
            server, clients, memory, allocator, persistence, stats, laterStats, eventLoop, replication, processor,
            cluster, sentinel, searchModule, otherModules, vendors,
        ].joined())
}
