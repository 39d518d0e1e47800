import Foundation

// What tests read of the gateway's families on a page, and of its access log.

/// The families of HTTP on a page of text.
struct GatewayPage {
    private let lines: [Substring]

    init(_ page: String) {
        lines = page.split(separator: "\n")
    }

    /// The values of a family's series, by their names with labels.
    func values(of family: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in lines where line.hasPrefix(family + "{") {
            guard let blank = line.lastIndex(of: " ") else { continue }
            values[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
        return values
    }

    /// Requests by `METHOD status`, over all paths.
    var requests: [String: Int] {
        var counts: [String: Int] = [:]
        for (series, value) in values(of: "http_requests_total") {
            counts["\(series.label("method")) \(series.label("status"))", default: 0] += Int(value)
        }
        return counts
    }
}

extension String {
    /// The value of a label in a series' name; empty where there is none.
    func label(_ name: String) -> String {
        guard let start = range(of: "\(name)=\"") else { return "" }
        return String(self[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension [String: Int] {
    /// An access log's counts by `METHOD status`, over all paths.
    var byMethodAndStatus: [String: Int] {
        reduce(into: [:]) { counts, entry in
            let words = entry.key.split(separator: " ")
            counts["\(words[0]) \(words[2])", default: 0] += entry.value
        }
    }
}
