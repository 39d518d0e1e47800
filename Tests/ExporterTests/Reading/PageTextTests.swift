import TestKit
import Testing

@testable import Exporter

/// Pages as Sidelong writes them, and what is none.
@Suite struct PageTextTests {
    private func read(_ text: String) throws -> SeriesPage { try PageText.read(Array(text.utf8)) }

    @Test func theGoldenPageIsReadWhole() throws {
        // What changes from run to run stands there as an ellipsis.
        let text = try Project.text("Tests/Fixtures/exporter/page.txt").replacing("…", with: "7")
        let page = try read(text)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let names = Set(lines.map { String($0.prefix { $0 != "{" && $0 != " " }) })
        #expect(lines.count > 500)
        #expect(names.reduce(0) { $0 + page[$1].count } == lines.count)
        #expect(page.sum("redis_up") == 1)
        #expect(page["redis_db_keys", ["db": "db0"]].count == 1)
    }

    @Test func labelsAndNumbersOfAllKinds() throws {
        let page = try read(
            #"""
            # HELP a_total A "help" {with} braces
            a_total{x="1",y="a\"b\\c\nd,}"} 1.5e+03
            a_total { x = "2" , } 4 1700000000000
              plain NaN
            b{le="+Inf"} +Inf
            empty{} -Inf
            """#)
        #expect(
            page["a_total"] == [
                Series(labels: ["x": "1", "y": "a\"b\\c\nd,}"], value: 1500), Series(labels: ["x": "2"], value: 4),
            ])
        #expect(page["plain"].first?.value.isNaN == true)
        #expect(page.sum("b") == .infinity && page.sum("empty") == -.infinity)
        #expect(page.sum("absent") == nil && page["absent"].isEmpty)
        #expect(page.sum("a_total", ["x": "2"]) == 4)
    }

    @Test(arguments: [
        ("<html>", 1), ("a 1\nb\n", 2), ("a{x=\"1\" 1", 1), ("a{x=1} 1", 1), ("a{x=\"1\\", 1), ("a one", 1),
        ("\na{", 2),
    ])
    func whatIsNoPageIsRefusedWithItsLine(text: String, line: Int) {
        #expect(throws: PageText.Problem(line: line)) { try read(text) }
    }

    @Test func nothingIsAnEmptyPage() throws {
        #expect(try read("") == SeriesPage())
        #expect(try read("\r\n# EOF\r\n") == SeriesPage())
    }
}
