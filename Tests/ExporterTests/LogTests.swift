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
