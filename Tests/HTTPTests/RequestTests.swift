import Testing

@testable import HTTP

/// Requests, addresses and the table of paths, without a server.
@Suite struct RequestTests {
    @Test(
        arguments: [
            ("/metrics", "/metrics", nil), ("/metrics?a=b?c", "/metrics", "a=b?c"), ("/?", "/", ""), ("", "", nil),
            ("http://example.com/metrics?x", "/metrics", "x"), ("HTTP://example.com", "/", nil), ("*", "*", nil),
            ("http://example.com?x", "", "x"), ("/%6detrics", "/%6detrics", nil), ("/http://", "/http://", nil),
        ] as [(String, String, String?)])
    func targetIsSplit(target: String, path: String, query: String?) {
        let request = HTTPRequest(target: target)
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test func fieldsThatStandTwiceAreOneList() {
        let request = HTTPRequest(
            target: "/",
            fields: [(name: "Accept", value: "a"), (name: "Host", value: "h"), (name: "ACCEPT", value: "b")])
        #expect(request.field("accept") == "a, b")
        #expect(request.field("Host") == "h")
        #expect(request.field("cookie") == nil)
    }

    @Test(
        arguments: [
            ([127, 0, 0, 1], "127.0.0.1"), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1], "192.0.2.1"),
            ([0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:db8::1"),
            ([0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], "2001:0:0:1::1"),
            ([0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0], "1:2:3:4:5:6:7:0"),
            ([UInt8](repeating: 0, count: 16), "::"), ([], "local"),
        ] as [([UInt8], String)])
    func clientAddressHasItsUsualText(bytes: [UInt8], text: String) {
        #expect(ClientAddress(bytes: bytes).description == text)
    }

    private let router = HTTPRouter(
        [
            .path("/metrics") { _ in .line(200, "metrics") },
            .path("/health/live") { _ in .line(200, "live") },
            .named(under: "/health") { _, name in .line(200, "component \(name)") },
        ], hint: "try /metrics")

    @Test(arguments: [
        ("/metrics", "metrics\n"), ("/health/live", "live\n"), ("/health/redis", "component redis\n"),
        ("/health/", "try /metrics\n"), ("/health", "try /metrics\n"), ("/health/a/b", "try /metrics\n"),
        ("/healthy/a", "try /metrics\n"), ("/metrics/", "try /metrics\n"), ("", "try /metrics\n"),
    ])
    func firstRouteThatFitsAnswers(path: String, text: String) {
        let response = router.respond(to: HTTPRequest(target: path))
        #expect(String(decoding: response.body.bytes, as: UTF8.self) == text)
    }

    @Test func unknownPathComesBeforeWrongMethod() {
        #expect(router.respond(to: HTTPRequest(method: .other, target: "/nothing")).status == 404)
        let refused = router.respond(to: HTTPRequest(method: .other, target: "/health/redis"))
        #expect(refused.status == 405)
        #expect(refused.field("allow") == "GET, HEAD")
    }

    @Test func patternsAreFewWhateverClientsAsk() {
        #expect(router.pattern(of: "/metrics") == "/metrics")
        #expect(router.pattern(of: "/health/live") == "/health/live")
        #expect(router.pattern(of: "/health/made-up") == "/health/NAME")
        #expect(router.pattern(of: "/made-up") == nil)
    }
}
