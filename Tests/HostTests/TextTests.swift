import Testing

@testable import Host

@Suite struct TextTests {
    @Test func runsOfBlanksSeparateWords() {
        #expect(Text("  cpu\t 12  x ").words.map(\.string) == ["cpu", "12", "x"])
        #expect(Text("   ").words.map(\.string) == [])
    }

    @Test func aLineWithoutItsEndIsNoLine() {
        #expect(Text("one\n\ntwo\nthr").lines.map(\.string) == ["one", "two"])
        #expect(!Text("one\nthr").isComplete)
        #expect(Text("").isComplete)
    }

    @Test(arguments: ["", "-1", "+1", "1.0", "0x10", " 1", "18446744073709551616", "99999999999999999999999"])
    func onlyDecimalDigitsAreANumber(text: String) {
        #expect(Text(text).number == nil)
    }

    @Test func theLargestNumberIsRead() {
        #expect(Text("18446744073709551615").number == .max)
        #expect(Text("007").number == 7)
    }

    @Test(arguments: ["", "nan", "inf", "-0.5", ".5", "1e999", "0.5x"])
    func onlyFiniteDecimalsAreDecimal(text: String) {
        #expect(Text(text).decimal == nil)
    }

    @Test func splitsAtTheFirstOrTheLast() throws {
        let last = try #require(Text("7 (a) b) S 1").split(atLast: UInt8(ascii: ")")))
        #expect(last.before.string == "7 (a) b")
        #expect(last.after.string == " S 1")
        #expect(Text("x").split(atFirst: UInt8(ascii: ":")) == nil)
    }
}
