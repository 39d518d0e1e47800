// `runonserver` says for which releases of Postgres a query is, in the notation that postgres_exporter and
// CloudNativePG share: ">=10.0.0 <14.0.0 || >=16.0.0".

/// A set of releases.
struct ServerReleases: Sendable, Equatable {
    private struct Bound: Sendable, Equatable {
        enum Comparison: String, CaseIterable {
            case atLeast = ">="
            case atMost = "<="
            case isNot = "!="
            case same = "=="
            case above = ">"
            case below = "<"
            case equal = "="
            case no = "!"
        }

        let comparison: Comparison
        let release: [Int]

        func allows(_ other: [Int]) -> Bool {
            switch comparison {
            case .atLeast: !other.lexicographicallyPrecedes(release)
            case .atMost: !release.lexicographicallyPrecedes(other)
            case .above: release.lexicographicallyPrecedes(other)
            case .below: other.lexicographicallyPrecedes(release)
            case .same, .equal: other == release
            case .isNot, .no: other != release
            }
        }
    }

    /// One of these has to hold with all of its bounds.
    private let alternatives: [[Bound]]

    /// Nil for a text that is no such range.
    init?(_ text: String) {
        var alternatives: [[Bound]] = []
        var bounds: [Bound] = []
        for word in text.split(separator: " ") {
            if word == "||" {
                alternatives.append(bounds)
                bounds = []
            } else if let bound = Self.bound(word) {
                bounds.append(bound)
            } else {
                return nil
            }
        }
        alternatives.append(bounds)
        guard alternatives.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.alternatives = alternatives
    }

    private static func bound(_ word: Substring) -> Bound? {
        let comparison = Bound.Comparison.allCases.first { word.hasPrefix($0.rawValue) }
        let parts = word.dropFirst(comparison?.rawValue.count ?? 0).split(
            separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard (1...3).contains(parts.count), numbers.count == parts.count else { return nil }
        return Bound(comparison: comparison ?? .equal, release: numbers + Array(repeating: 0, count: 3 - numbers.count))
    }

    /// - Parameter version: as `server_version_num` counts; 150020 is 15.20.0.
    func contains(_ version: Int) -> Bool {
        let release = [version / 10000, version % 10000, 0]
        return alternatives.contains { $0.allSatisfy { $0.allows(release) } }
    }
}
