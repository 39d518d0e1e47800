// Findings as people and as programs read them.

enum AdviceReport {
    private static let width = 78

    /// A paragraph for each finding: what was seen, what it means, what to do.
    static func text(_ findings: [Finding], _ evidence: Evidence) -> String {
        guard !findings.isEmpty else {
            return
                "Nothing to advise: \(AdviceRule.all.count) rules have looked at what was counted \(evidence.period).\n"
        }
        let paragraphs = findings.enumerated().map { number, finding in
            let head = "\(number + 1). \(finding.subject.visible) (\(finding.gravity.name)): \(finding.figure.visible)"
            return wrapped(head, after: "", and: "   ") + wrapped(finding.meaning, after: "   ", and: "   ")
                + wrapped(finding.remedy, after: "   -> ", and: "      ")
        }
        return paragraphs.joined(separator: "\n")
    }

    /// `{"period","findings":[{"rule","gravity","weight","subject","figure","meaning","remedy"}]}`, in the same order.
    static func json(_ findings: [Finding], _ evidence: Evidence) -> [UInt8] {
        let list = findings.map { finding in
            JSON.object([
                ("rule", .string(finding.rule)), ("gravity", .string(finding.gravity.name)),
                ("weight", .number((finding.weight * 1000).rounded() / 1000)), ("subject", .string(finding.subject)),
                ("figure", .string(finding.figure)), ("meaning", .string(finding.meaning)),
                ("remedy", .string(finding.remedy)),
            ])
        }
        return JSON.object([("period", .string(evidence.period)), ("findings", .array(list))]).bytes
            + [UInt8(ascii: "\n")]
    }

    /// Words in lines of a terminal's width.
    private static func wrapped(_ text: String, after first: String, and next: String) -> String {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty && line.displayWidth + 1 + word.displayWidth > width {
                lines.append(line)
                (line, isEmpty) = (next, true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }
}

extension String {
    /// Without the blanks at its end, which a name that is not there leaves.
    var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
