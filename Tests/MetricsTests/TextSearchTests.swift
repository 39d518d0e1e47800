import Metrics
import Testing

@Suite struct TextSearchTests {
    @Test(arguments: [
        ("ERR max number of clients reached", "max number of clients", true), ("abc", "abc", true),
        ("aab", "ab", true), ("ab", "abc", false), ("", "a", false), ("a", "", true), ("ABC", "abc", false),
        // Byte for byte: the accent belongs to the same character and is another byte.
        ("e\u{301}", "e", true),
    ])
    func wordsAreFoundByteForByte(text: String, words: String, isThere: Bool) {
        #expect(text.mentions(words) == isThere)
    }

    @Test func theFirstPlaceCounts() {
        #expect(Array("a::b::c".utf8).firstRange(ofText: "::") == 1..<3)
    }
}
