import TestKit
import Testing

@testable import Exporter

/// docs/top-and-advise.md names what there is.
@Suite struct AdvicePageTests {
    @Test func everyRuleAndFlagIsOnItsPage() throws {
        let page = try Project.text("docs/top-and-advise.md")
        let rules = page.matches(of: /(?m)^\| `([a-z_]{3,})` \|/).map { String($0.1) }
        #expect(rules == AdviceRule.all.map(\.name))
        for flag in WordFlag.allCases where [.top, .advise].contains(flag.word) {
            #expect(page.contains("--\(flag.name)"), "\(flag.name)")
        }
    }
}
