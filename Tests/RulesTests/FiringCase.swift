import Foundation
import TestKit

/// A case of `prometheus/tests` in which an alert fires, as far as another case can be made of it.
///
/// Read by lines: the files are written one way, and whether they are valid is promtool's to say.
struct FiringCase {
    let alert: String
    /// When it fires, in minutes, which is also in steps of the series.
    let minute: Int
    /// Each series with its values.
    let series: [(name: String, values: String)]

    /// All of a file.
    static func all(in path: String) throws -> [FiringCase] {
        try Project.text(path).components(separatedBy: "\n  - name: \"").dropFirst().compactMap { text in
            guard text.prefix(while: { $0 != "\"" }).hasSuffix(": fires") else { return nil }
            return FiringCase(text)
        }
    }

    private init?(_ text: String) {
        func value(of key: String, in text: String) -> String? {
            let rest = text.components(separatedBy: "\(key): ").dropFirst().first
            return rest.map { String($0.prefix { $0 != "\n" }) }
        }
        guard let alert = value(of: "alertname", in: text),
            let minute = value(of: "eval_time", in: text).flatMap(Self.minutes)
        else { return nil }
        self.alert = alert
        self.minute = minute
        series = text.components(separatedBy: "- series: ").dropFirst().compactMap { text in
            // A long name is a folded text.
            let words = text.components(separatedBy: "values: ")[0].split { " \n".contains($0) }
            let name = words.filter { $0 != ">-" }.joined(separator: " ")
            return value(of: "values", in: text).map { (name, $0) }
        }
    }

    /// `12m` or `1h30m`.
    private static func minutes(_ text: String) -> Int? {
        guard let parts = text.wholeMatch(of: /(?:(\d+)h)?(?:(\d+)m)?/) else { return nil }
        return (parts.1.flatMap { Int($0) } ?? 0) * 60 + (parts.2.flatMap { Int($0) } ?? 0)
    }

    /// A case in which every series ends with a stale marker when the alert has fired: its target has been stopped.
    ///
    /// Three minutes later the alert still fires; in the end it does not.
    var withStoppedTarget: String {
        let lines = series.map { series in
            "      - series: \(series.name)\n        values: \(Self.ended(series.values, after: minute)) stale\n"
        }
        let checks = [(minute, 1), (minute + 3, 1), (minute + 25, 0)].map { time, fires in
            """
                  - expr: clamp_max(count(ALERTS{alertname="\(alert)", alertstate="firing"}), 1) or vector(0)
                    eval_time: \(time)m
                    exp_samples: [{labels: "{}", value: \(fires)}]

            """
        }
        return "  - name: \"\(alert): stops\"\n    interval: 1m\n    input_series:\n" + lines.joined()
            + "    promql_expr_test:\n" + checks.joined()
    }

    /// Values up to and with a step: `1 0x5` is seven of them, `0+10x20` is twenty-one, `_x8` eight. Where there
    /// are fewer, gaps follow.
    static func ended(_ values: String, after last: Int) -> String {
        var left = last + 1
        var kept: [String] = []
        for value in values.split(separator: " ") where left > 0 {
            guard let cross = value.lastIndex(of: "x"), let times = Int(value[value.index(after: cross)...]) else {
                kept.append(String(value))
                left -= 1
                continue
            }
            let isGap = value.hasPrefix("_")
            let taken = min(left, times + (isGap ? 0 : 1))
            kept.append("\(value[..<cross])x\(taken - (isGap ? 0 : 1))")
            left -= taken
        }
        return (kept + (left > 0 ? ["_x\(left)"] : [])).joined(separator: " ")
    }
}
