// `traceparent`: which ones are believed.

import Metrics
import Testing

@testable import Traffic

@Suite struct TraceIDTests {
    private func trace(_ text: String) -> TraceID {
        let bytes = Array(text.utf8)
        return TraceID(traceparent: bytes.span)
    }

    @Test func sampledTraceIsRead() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736"
        #expect(trace("00-\(id)-00f067aa0ba902b7-01").text == id)
        #expect(trace("00-\(id)-00f067aa0ba902b7-ff").text == id)
        #expect(trace("cc-\(id)-00f067aa0ba902b7-01-what-the-future-holds").text == id)
    }

    @Test(arguments: [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "", "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.x",
    ])
    func othersAreNone(_ text: String) {
        #expect(!trace(text).isKnown)
    }

    @Test func newestOfEachBucketIsShown() {
        func request(_ digit: String, flags: String = "01") -> String {
            get("/a", "traceparent: 00-\(String(repeating: digit, count: 32))-00f067aa0ba902b7-\(flags)")
        }
        func page(_ change: (inout HTTPTrafficSettings) -> Void = { _ in }) -> String {
            let figures = http(change) { wire in
                wire.exchange(request("1"), ok, after: 200)
                wire.exchange(request("2"), ok, after: 201)
                wire.exchange(request("3", flags: "00"), ok, after: 202)
                wire.exchange(request("4"), ok, after: 60_000)
            }
            return String(
                decoding: Exposition([.init(figures.snapshot.samples)]).page(in: .openMetrics), as: UTF8.self)
        }
        let text = page()
        #expect(text.contains("# {trace_id=\"\(String(repeating: "2", count: 32))\"} 0.000201 "))
        #expect(text.contains("# {trace_id=\"\(String(repeating: "4", count: 32))\"} 0.06 "))
        #expect(!text.contains("11111111") && !text.contains("33333333") && !text.contains("00f067aa"))
        #expect(!page { $0.keepsExemplars = false }.contains("trace_id"))
    }
}
