import Testing

@testable import Exporter

/// The picture, cell by cell.
@Suite struct TopRendererTests {
    private func screen(
        _ figures: TopFigures, width: Int = 80, height: Int = 24, _ abilities: Screen.Abilities = .init(),
        problem: String? = nil, _ change: (inout TopView) -> Void = { _ in }
    ) -> Screen {
        var view = TopView(interval: .seconds(2))
        change(&view)
        let renderer = TopRenderer(
            view: view, figures: figures, source: "localhost:9121", problem: problem, clock: "03:00:00Z")
        return renderer.screen(width: width, height: height, abilities)
    }

    /// A page with many rows in several tables.
    private func crowd(_ count: Int) throws -> TopFigures {
        func text(_ seen: Int) -> String {
            (0..<count).map { number in
                """
                redis_key_command_duration_seconds_bucket{key_group="group\(number):*",command="get",source="wire",le="0.001"} \(seen * number)
                redis_key_command_duration_seconds_bucket{key_group="group\(number):*",command="get",source="wire",le="+Inf"} \(seen * number)
                redis_user_command_duration_seconds_bucket{user="user\(number)",le="0.001"} \(seen)
                redis_user_command_duration_seconds_bucket{user="user\(number)",le="+Inf"} \(seen)
                pgbouncer_pools_client_active_connections{database="base\(number)",user="web"} 1

                """
            }.joined()
        }
        return try TopFiguresTests.figures("redis_up 1\n" + text(0), "redis_up 1\n" + text(10))
    }

    @Test func aTableIn80By24() throws {
        let screen = screen(try TopFiguresTests.figures(TopFiguresTests.keys, TopFiguresTests.laterKeys))
        #expect(screen.lines.count == 24)
        #expect(screen.lines[0] == "sidelong top  localhost:9121  03:00:00Z  every 2 s")
        #expect(
            screen.lines[2]
                == "Key group                          rate▼     P50     P95     P99    hits bytes/s")
        #expect(
            screen.lines[3]
                == "cart:*                                10  1.0 ms  9.1 ms  9.8 ms    75 %   400 B")
        #expect(screen.lines[23].hasPrefix("q leave  h help  / filter"))
    }

    @Test func everyTableGetsRoom() throws {
        let lines = screen(try crowd(40)).lines
        #expect(lines.contains { $0.hasPrefix("Key group (6 of 40)") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("Redis user (6 of 40)") })
        #expect(lines.contains { $0.hasPrefix("Pool (6 of 40)") })
        #expect(lines[2 + 1].hasPrefix("group39:*"))
    }

    @Test func oneTableHasAllOfIt() throws {
        let figures = try crowd(40)
        let tables = TopRenderer.tables(figures)
        let alone = screen(figures) { _ = $0.press(.tab, tables) }.lines
        #expect(alone[2].hasPrefix("Key group (20 of 40)") && alone[3].hasPrefix("group39:*"))
        #expect(alone[22].hasPrefix("group20:*"))
        let scrolled = screen(figures) { view in
            for key in [TopKey.tab, .down, .down] { _ = view.press(key, tables) }
        }.lines
        #expect(scrolled[3].hasPrefix("group37:*"))
        // Beyond the end the last rows stay.
        let end = screen(figures) { view in
            for key in [TopKey.tab] + Array(repeating: .pageDown, count: 9) { _ = view.press(key, tables) }
        }.lines
        #expect(end[22].hasPrefix("group0:*"))
    }

    @Test(arguments: [(20, 5), (40, 10), (80, 24), (200, 60), (1, 1)])
    func anySizeIsFilledAndNotExceeded(width: Int, height: Int) throws {
        let screen = screen(try crowd(40), width: width, height: height)
        #expect(screen.lines.count == height)
        #expect(screen.lines.allSatisfy { $0.displayWidth <= width })
    }

    @Test func columnsThatFindNoRoomAreLeftOut() throws {
        let lines = screen(try TopFiguresTests.figures(TopFiguresTests.keys, TopFiguresTests.laterKeys), width: 40)
            .lines
        #expect(lines[2].contains("P50") && !lines[2].contains("bytes/s"))
        #expect(lines[3].hasPrefix("cart:*"))
    }

    @Test func withoutUnicodeAndColorsAllIsASCII() throws {
        let plain = Screen.Abilities(isUnicode: false, hasColors: false)
        let screen = screen(try crowd(3), plain, problem: "no newer page: …")
        #expect(screen.drawing.utf8.allSatisfy { $0 < 0x80 })
        #expect(screen.lines.contains { $0.contains("ratev") && $0.hasPrefix("Key group") }, "\(screen.lines)")
        #expect(!screen.drawing.contains("31m") && !screen.drawing.contains("\u{1B}[0;2m"))
        #expect(self.screen(try crowd(3), problem: "x").drawing.contains("\u{1B}[0;1;31m"))
    }

    @Test func whatIsWrongIsShown() throws {
        #expect(screen(try crowd(3), problem: "no newer page: refused").lines[2] == "no newer page: refused")
        #expect(screen(TopFigures()).lines.contains { $0.hasPrefix("Nothing to show yet") })
        #expect(screen(TopFigures()) { $0.mode = .help }.lines.contains { $0.contains("histogram_quantile") })
    }

    @Test func namesOfAllScriptsStandInTheirColumn() {
        #expect("键:*".displayWidth == 4 && "e\u{301}".displayWidth == 1 && "🙂".displayWidth == 2)
        #expect("键键键".cut(to: 4) == "键…" && "abc".cut(to: 3) == "abc" && "abc".cut(to: 0) == "")
        var screen = Screen(width: 6, height: 1)
        let end = screen.put("键a", row: 0)
        screen.put("|", row: 0, column: end)
        #expect(end == 3 && screen.lines == ["键a|"])
        // Half of a wide character is not shown.
        screen.put("键", row: 0, column: 5)
        #expect(screen.lines == ["键a|"])
    }

    @Test func whatIsHiddenInANameDoesNotReachTheTerminal() {
        var screen = Screen(width: 40, height: 1)
        screen.put("a\u{1B}[2Jb\u{202E}", row: 0)
        #expect(screen.lines == ["a\\u{1b}[2Jb\\u{202e}"])
    }

    @Test func printedForScripts() throws {
        let figures = try TopFiguresTests.figures(TopFiguresTests.keys, TopFiguresTests.laterKeys)
        let view = TopView(interval: .seconds(2))
        #expect(TopReport.text(figures, view).contains("cart:*       10  1.0 ms  9.1 ms  9.8 ms  75 %    400 B\n"))
        let json = try JSONReader.read(TopReport.json(figures, view, at: Timestamp(seconds: 0)))
        let row = json["tables"]?["key_groups"]?.elements?.first
        #expect(row?["name"] == .string("cart:*") && row?["rate"] == .number(10) && row?["p50"] == .number(0.001))
        #expect(row?["bytes_per_second"] == .number(400))
        #expect(json["time"] == .string("1970-01-01T00:00:00.000Z"))
    }
}
