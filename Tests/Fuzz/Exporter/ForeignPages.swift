// Any text as a page of metrics and as JSON: it is read, or refused; and what keys a terminal may send.

@testable import Exporter

func fuzzForeignPages(_ input: inout FuzzInput) {
    let bytes = input.rest()
    if let page = try? PageText.read(bytes) {
        var figures = TopFigures()
        figures.take(SeriesPage(), at: 1)
        figures.take(page, at: 2)
        for table in TopTable.all { _ = figures.rows(of: table) }
        let evidence = Evidence(levels: page, growth: page, change: page, peaks: page)
        precondition(AdviceRule.findings(in: evidence).allSatisfy { $0.weight >= 1 && $0.weight <= 4 })
    }
    if let json = try? JSONReader.read(bytes) { _ = json.bytes }
    precondition(TopKey.keys(in: bytes).count <= bytes.count)
}
