// Flags that belong to a word of the command line, such as `--once` to `top`. They are no options: no file and no
// variable sets them.

import Metrics

/// One of them.
enum WordFlag: Sendable, CaseIterable {
    case replayFormat
    case topFormat, once, interval
    case adviceFormat, window, prometheus, select

    /// Without dashes.
    var name: String {
        switch self {
        case .replayFormat, .topFormat, .adviceFormat: "format"
        case .once: "once"
        case .interval: "interval"
        case .window: "window"
        case .prometheus: "prometheus"
        case .select: "select"
        }
    }

    var word: Arguments.Word {
        switch self {
        case .replayFormat: .replay
        case .topFormat, .once, .interval: .top
        case .adviceFormat, .window, .prometheus, .select: .advise
        }
    }

    /// Whether it stands without a value.
    var isSwitch: Bool { self == .once }

    /// What values are allowed, for people.
    var allowed: String {
        switch self {
        case .replayFormat: ReplayFormat.allCases.map(\.rawValue).joined(separator: ", ")
        case .topFormat, .adviceFormat: "table, json"
        case .once: "nothing"
        case .interval: "a duration from 500ms to 1h, such as 2s"
        case .window: "a duration from 1s to 720h, such as 30s or 24h"
        case .prometheus: "the URL of a Prometheus, such as http://localhost:9090"
        case .select: "a label matcher, such as instance=\"redis-1:9121\""
        }
    }

    func allows(_ text: String) -> Bool {
        switch self {
        case .replayFormat: ReplayFormat(rawValue: text) != nil
        case .topFormat, .adviceFormat: ["table", "json"].contains(text)
        case .once: text.isEmpty
        case .interval: Duration(text).map { (.milliseconds(500)...Duration.seconds(3600)).contains($0) } ?? false
        case .window: Duration(text).map { (.seconds(1)...Duration.seconds(720 * 3600)).contains($0) } ?? false
        case .prometheus: text.hasPrefix("http://") || text.hasPrefix("https://")
        case .select: text.mentions("=\"") && text.hasSuffix("\"") && !text.mentions("}")
        }
    }
}
