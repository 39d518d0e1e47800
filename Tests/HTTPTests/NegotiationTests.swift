import Testing

@testable import HTTP

/// `Accept` and `Accept-Encoding`, as Prometheus and others send them.
@Suite struct NegotiationTests {
    private static let offers = [
        MediaOffer("text/plain", .init("version", "0.0.4", isImplied: true)),
        MediaOffer("application/openmetrics-text", .init("version", "1.0.0")),
        MediaOffer(
            "application/vnd.google.protobuf", .init("proto", "io.prometheus.client.MetricFamily"),
            .init("encoding", "delimited")),
    ]

    private func choice(_ accept: String?) -> Int {
        Negotiation.preferred(Self.offers, accept: accept)
    }

    /// Captured from Prometheus 2.53 and 3.5 with native histograms.
    @Test(arguments: [
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
            + "application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.5,"
            + "application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,"
            + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
            + "escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.2",
        "Application/VND.google.Protobuf ; Encoding=\"DELIMITED\" ; PROTO=IO.prometheus.client.metricfamily",
        // Of equals the one that the client names first.
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain",
    ])
    func protobufIsChosen(accept: String) {
        #expect(choice(accept) == 2)
    }

    @Test(arguments: [
        "application/vnd.google.protobuf", "application/vnd.google.protobuf;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text",
        "application/vnd.google.protobuf;proto=other.MetricFamily;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0",
        "text/plain,application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.2,*/*;q=0.3",
    ])
    func halfAProtobufIsText(accept: String) {
        #expect(choice(accept) == 0)
    }

    /// Captured from Prometheus 2.42 and 3.5 without native histograms.
    @Test(arguments: [
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    ])
    func prometheusGetsOpenMetrics(accept: String) {
        #expect(choice(accept) == 1)
    }

    @Test(
        arguments: [
            nil, "", "*/*", "text/html", "garbage;;;,,,", "text/plain", "text/*",
            // A type without a version means the oldest one, which is not served.
            "application/openmetrics-text",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;version=1.0.0;q=0",
            "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.3",
            "application/openmetrics-text;version=1.0.0;q=0.2,*/*;q=0.3",
            "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0",
            "text/plain;q=0,application/openmetrics-text;version=1.0.0;q=0",
        ] as [String?])
    func othersGetText(accept: String?) {
        #expect(choice(accept) == 0)
    }

    @Test(arguments: [
        "text/plain;q=0, */*", "APPLICATION/OpenMetrics-Text; Version=1.0.0",
        "application/openmetrics-text;version=\"1.0.0\"", "application/*",
        "text/plain;version=0.0.4;q=0.4999,application/openmetrics-text;version=1.0.0;q=0.500",
        "text/plain;q=0.1;version=0.0.4 , \t application/openmetrics-text ; version=1.0.0 ; q=0.2",
        "application/openmetrics-text;version=1.0.0;note=\"a,b;q=0\"",
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4",
    ])
    func openMetricsIsChosen(accept: String) {
        #expect(choice(accept) == 1)
    }

    @Test(arguments: [
        "gzip", "gzip, deflate", "deflate, gzip;q=0.1", "*", "x-gzip", "GZIP", "identity;q=0, *;q=0.5", "br , gzip",
    ])
    func gzipIsAccepted(field: String) {
        #expect(Negotiation.acceptsGzip(field))
    }

    @Test(
        arguments: [
            nil, "", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzip;q=x", "gzipped",
        ] as [String?])
    func gzipIsNotAccepted(field: String?) {
        #expect(!Negotiation.acceptsGzip(field))
    }

    @Test(arguments: [
        ("a;q=1", 1000), ("a;q=1.000", 1000), ("a;q=1.5", 1000), ("a;q=0.5", 500), ("a;q=0.05", 50), ("a;q=0.", 0),
        ("a", 1000), ("a;q=0.123456789012345678901234567890", 123), ("a; Q = 0.5", 500),
    ])
    func weightsAreThousandths(text: String, weight: Int) {
        #expect(WeightedMember.list(text).map(\.weight) == [weight])
    }

    @Test(arguments: ["a;q=-1", "a;q=2", "a;q=nan", "a;q=0x1", "a;q=", "a;q=0.5.5", "a;q=٠", ";q=1", " ", ",,,"])
    func membersThatMakeNoSenseAreLeftOut(text: String) {
        #expect(WeightedMember.list(text).isEmpty)
    }

    @Test func anyTextIsSurvivedAndLongListsAreBounded() {
        let alphabet = Array(",;=\"\\ q01./*ta\u{301}é".unicodeScalars)
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40) { text.append(alphabet.randomElement()!) }
            #expect(WeightedMember.list(String(text)).allSatisfy { 0...1000 ~= $0.weight && !$0.value.isEmpty })
        }
        #expect(WeightedMember.list(String(repeating: "a,", count: 8000)).count == WeightedMember.longestList / 2)
    }

    @Test func parametersKeepTheirOrderAndLoseTheirQuotes() {
        let members = WeightedMember.list("text/plain;b=\"x,\\\"y\";A=2;flag;q=0.5, other")
        #expect(members.map(\.value) == ["text/plain", "other"])
        #expect(members[0].parameters.map(\.name) == ["b", "a"])
        #expect(members[0].parameter("a") == "2")
        #expect(members[0].weight == 500)
    }
}
