import Testing

@testable import Exporter

/// What keys do.
@Suite struct TopViewTests {
    private var view = TopView(interval: .seconds(2))
    private let tables: [TopTable] = [.keyGroups, .queues]

    @discardableResult
    private mutating func press(_ text: String) -> TopView.Action {
        var last = TopView.Action.draw
        for key in TopKey.keys(in: Array(text.utf8)) { last = view.press(key, tables) }
        return last
    }

    @Test mutating func leaves() {
        #expect(press("q") == .quit)
        #expect(press("h") == .draw && view.mode == .help)
        #expect(press("x") == .draw && view.mode == .tables)
        press("h")
        #expect(press("q") == .quit)
    }

    @Test mutating func filters() {
        press("/ca")
        #expect(view.mode == .filtering && view.filter == "ca")
        // Letters that are keys otherwise.
        press("q\u{7F}r\r")
        #expect(view.mode == .tables && view.filter == "car")
        let rows = ["cart:*", "CARD:*", "user:*"].map { TopFigures.Row(name: $0, figures: [1]) }
        #expect(view.arranged(rows, of: .keyGroups).map(\.name) == ["CARD:*", "cart:*"])
        press("/")
        press("\u{1B}")
        #expect(view.mode == .tables && view.filter == "")
    }

    @Test mutating func changesTheInterval() {
        press("++")
        #expect(view.interval == .seconds(10))
        press("-----")
        #expect(view.interval == .seconds(1))
        press("++++++++")
        #expect(view.interval == .seconds(60))
        #expect(press(" ") == .lookNow)
    }

    @Test mutating func sorts() {
        func names() -> [String] {
            let rows: [TopFigures.Row] = [
                .init(name: "a", figures: [1, 0.1, 0.2, nil, 0.5, 10]),
                .init(name: "b", figures: [3, 0.1, 0.2, 9, nil, 5]),
                .init(name: "c", figures: [nil, nil, nil, nil, nil, nil]),
                .init(name: "d", figures: [3, 0.3, 0.2, 8, 0.6, 50]),
            ]
            return view.arranged(rows, of: .keyGroups).map(\.name)
        }
        // The largest first, equal ones by name, the unknown last.
        #expect(names() == ["b", "d", "a", "c"])
        press("s")
        #expect(view.order == .column("P50") && names() == ["d", "a", "b", "c"])
        press("p")
        #expect(names() == ["b", "d", "a", "c"])
        press("b")
        #expect(names() == ["d", "a", "b", "c"])
        press("n")
        #expect(names() == ["a", "b", "c", "d"])
        press("s")
        #expect(view.order == .column("rate"))
        // A table without that column goes by its first.
        press("p")
        #expect(view.column(of: .queues) == 0)
    }

    @Test mutating func showsOneTableAfterTheOther() {
        #expect(view.shown(tables).count == 2)
        press("\t")
        #expect(view.shown(tables).map(\.name) == ["key_groups"])
        press("\t")
        #expect(view.shown(tables).map(\.name) == ["queues"])
        press("\t")
        #expect(view.shown(tables).count == 2)
        press("\u{1B}[Z")
        #expect(view.shown(tables).map(\.name) == ["queues"])
        // A table whose rows are gone.
        #expect(view.shown([.keyGroups]).map(\.name) == ["key_groups"])
        press("\u{1B}")
        #expect(view.focus == nil)
    }

    @Test mutating func scrolls() {
        press("\u{1B}[B\u{1B}OB\u{1B}[6~")
        #expect(view.scroll == 12)
        press("\u{1B}[A\u{1B}[5~\u{1B}[5~")
        #expect(view.scroll == 0)
    }

    @Test func keysOfATerminal() {
        #expect(
            TopKey.keys(in: Array("a\u{1B}[A\u{1B}[1;5Cé\t".utf8)) == [.character("a"), .up, .character("é"), .tab])
        #expect(TopKey.keys(in: [0x1B]) == [.escape])
        #expect(TopKey.keys(in: [0x1B, UInt8(ascii: "[")]) == [])
        #expect(TopKey.keys(in: [0x00, 0x7F, 0x0D]) == [.backspace, .enter])
    }
}
