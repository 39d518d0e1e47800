import Testing

@testable import Exporter

@Suite struct LogTests {
    @Test func logfmtQuotesWhatIsNotOnePlainWord() {
        let lines = Lines()
        Log(write: lines.append).warn("two words", [("a", "plain"), ("b", "say \"hi\""), ("c", ""), ("d", "x=y")])
        let line = lines.all[0]
        #expect(line.hasSuffix("level=warn msg=\"two words\" a=plain b=\"say \\\"hi\\\"\" c=\"\" d=\"x=y\"\n"))
        #expect(line.hasPrefix("time=20"))
    }

    @Test func jsonIsOneObjectPerLine() {
        let lines = Lines()
        Log(format: .json, write: lines.append).error("bad\nnews", [("detail", "tab\there")])
        #expect(lines.all[0].hasSuffix("\"level\":\"error\",\"msg\":\"bad\\nnews\",\"detail\":\"tab\\u0009here\"}\n"))
    }

    /// What turns a line round, moves the cursor or ends the line stands in no log, table or refusal.
    @Test(arguments: ["\u{202e}", "\u{2066}", "\u{200f}", "\u{7f}", "\u{9b}", "\u{2028}", "\u{1b}", "\u{e0041}"])
    func hiddenCharactersAreWrittenOut(hidden: String) {
        let name = "a\(hidden)b"
        let lines = Lines()
        Log(write: lines.append).warn("x", [("detail", name)])
        Log(format: .json, write: lines.append).warn("x", [("detail", name)])
        var table = TextTable(["name", "count"], numbers: 1...1)
        table.add([name, "1"])
        let check = Check(rows: [Check.Row(subject: name, isWell: true, finding: name)])
        for text in lines.all + [table.text, check.table, ConfigurationError(name).description] {
            #expect(!text.unicodeScalars.contains { $0.isHidden && $0 != "\n" }, "\(text.debugDescription)")
            #expect(text.contains("a") && text.contains("b"))
        }
        #expect(lines.all.allSatisfy { $0.contains("a\\u") })
    }

    @Test func otherScriptsStay() {
        for name in ["é", "שלום", "日本", "🙂"] { #expect(name.visible == name) }
        let value = JSON.string("\u{e0041}")
        #expect(String(decoding: value.bytes, as: UTF8.self) == #""\udb40\udc41""#)
    }

    @Test func messagesBelowTheLevelAreNotWritten() {
        let lines = Lines()
        let log = Log(level: .warn, write: lines.append)
        log.debug("no")
        log.info("no")
        log.error("yes")
        #expect(lines.all.count == 1)
    }

    @Test func timestampsAreUTCWithMilliseconds() {
        #expect(Timestamp(seconds: 1_732_090_530.1239).rfc3339 == "2024-11-20T08:15:30.123Z")
        #expect(Timestamp(seconds: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
    }

    @Test func jsonWritesNumbersAndUnknowns() {
        let value = JSON.object([("a", .number(1)), ("b", .number(0.25)), ("c", .number(.nan)), ("d", .string("é"))])
        #expect(String(decoding: value.bytes, as: UTF8.self) == #"{"a":1,"b":0.25,"c":null,"d":"é"}"#)
    }
}
