import Testing

@testable import Exporter

@Suite struct FigureTests {
    /// The words of the page, and its numbers: no exponent, no digits that nobody asked for.
    @Test(arguments: [
        (0.0, "0 ms"), (0.001234, "1.23 ms"), (0.9, "900 ms"), (1, "1 s"), (12.345678, "12.35 s"), (200, "3 min 20 s"),
        (600, "10 min"), (7500, "2 h 5 min"), (180_000, "2 d 2 h"),
    ])
    func timesAreSaidAsPeopleSayThem(seconds: Double, text: String) {
        #expect(Figure.time(seconds) == text)
    }
}
