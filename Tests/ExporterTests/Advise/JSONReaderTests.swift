import Testing

@testable import Exporter

/// JSON of other servers.
@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)) }

    @Test func allKindsOfValues() throws {
        let json = try read(
            #" {"a": [1, -2.5e3, true, false], "b": {"c": "x\n\"\u00e9\ud83d\ude42\/"}, "d": [], "e": {}} "#)
        #expect(json["a"] == .array([.number(1), .number(-2500), .bool(true), .bool(false)]))
        #expect(json["b"]?["c"]?.text == "x\n\"é🙂/")
        #expect(json["d"] == .array([]) && json["e"] == .object([(String, JSON)]()))
        #expect(json["missing"] == nil && json["a"]?["b"] == nil)
        guard case .number(let number) = try read("null") else { return #expect(Bool(false)) }
        #expect(number.isNaN)
    }

    @Test(arguments: [
        "", "{", "[1,", "[1 2]", "{\"a\"}", "{\"a\":1,}", "\"a", "tru", "1x", "[],", "\"\\x\"", "\"\\ud8\"",
    ])
    func whatIsNoneIsRefused(text: String) {
        #expect(throws: JSONReader.Problem.self) { try read(text) }
    }

    @Test func itIsNotReadToAnyDepth() {
        #expect(throws: JSONReader.Problem.self) {
            try read(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
        }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let json = JSON.object([
            ("a", .array([.string("\"\\\u{1}é"), .bool(true)])), ("b", .number(0.1)),
            ("c", .object([("d", .array([]))])),
        ])
        #expect(try JSONReader.read(json.bytes) == json)
    }
}
