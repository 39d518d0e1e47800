import Testing

@testable import Exporter

/// Figures and columns for people.
@Suite struct ReplayTableTests {
    @Test(arguments: [
        (0.0, "0.0 µs"), (0.0000015, "1.5 µs"), (0.00025, "250 µs"), (0.0012, "1.2 ms"), (0.25, "250 ms"),
        (1.0, "1.0 s"), (123.4, "123 s"),
    ])
    func timesHaveAUnit(seconds: Double, text: String) {
        #expect(Cell.time(seconds) == text)
    }

    @Test func anUnknownTimeIsEmpty() {
        #expect(Cell.time(nil) == "")
    }

    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = TextTable(["Name", "count", "bar"], numbers: 1...1)
        #expect(table.text == "")
        table.add(["a", "7", "█"])
        table.add(["longer", "123456", ""])
        #expect(table.text == "Name     count  bar\na            7  █\nlonger  123456\n")
    }
}
