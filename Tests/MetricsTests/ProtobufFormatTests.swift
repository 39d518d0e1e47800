import Metrics
import Testing

/// The protobuf page, byte for byte. The bytes are those of Python's classes made by protoc.
@Suite struct ProtobufFormatTests {
    private func hex(_ samples: Samples, target: String? = nil) -> String {
        Exposition([.init(samples, target: target)]).page(in: .protobuf).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private static let start = Moment(nanoseconds: 1_700_000_000_000_000_005)

    private static let histogram =
        "a6010a09685f7365636f6e64731202482e18042a077365636f6e64732289010a080a016312036765743a7d0803111b2f"
        + "dd24060102401a34080111fca9f1d24d62503f1a270a0f0a0874726163655f6964120361626311fca9f1d24d62403f1a"
        + "0b0880e2cfaa061080e59a771a0b080311000000000000f07f280631000000000000b03e3800620508ad011001620508"
        + "ac011004680268006801680068027a080880e2cfaa061000"

    @Test func counterHasItsUnitAndItsStart() {
        var samples = Samples()
        let descriptor = Descriptor(.counter, "a_seconds_total", labels: ["l", "none"], help: "A.")
        samples.add(descriptor, Sample(labels: ["x", ""], value: .number(0.1), start: Self.start))
        #expect(
            hex(samples) == "3f0a0f615f7365636f6e64735f746f74616c1202412e18002a077365636f6e6473"
                + "221d0a060a016c1201781a13099a9999999999b93f1a080880e2cfaa061005")
    }

    @Test func gaugeKeepsItsBitsAndHasNoStart() {
        var samples = Samples()
        samples.add(Descriptor(.gauge, "g", help: "G."), Sample(value: .number(.nan), start: Self.start))
        #expect(hex(samples) == "160a01671202472e1801220b120909000000000000f87f")
    }

    @Test func infoIsAGauge() {
        var samples = Samples()
        samples.add(Descriptor(.info, "g", help: "G."), .nan)
        #expect(hex(samples) == "160a01671202472e1801220b120909000000000000f87f")
    }

    @Test func summaryKeepsPercentagesAsQuantiles() {
        var samples = Samples()
        let summary = SummaryValue(quantiles: [("99.9", 8)], sum: 12.5, count: 300)
        samples.add(Descriptor(.summary, "s", help: "S."), Sample(value: .summary(summary)))
        #expect(
            hex(samples) == "2d0a01731202532e18022222222008ac02110000000000002940"
                + "1a12099a99999999f95840110000000000002040")
    }

    /// Older Prometheus servers end with such a summary.
    @Test func summaryWithoutQuantilesIsTwoFamilies() {
        var samples = Samples()
        let summary = SummaryValue(quantiles: [], sum: 12.5, count: 3)
        samples.add(Descriptor(.summary, "s", help: "S."), Sample(value: .summary(summary)))
        #expect(
            hex(samples) == "1c0a07735f636f756e741202532e1803220b2a09090000000000000840"
                + "1a0a05735f73756d1202532e1803220b2a09090000000000002940")
    }

    /// The sum is not known, and no number stands for it.
    @Test func gaugeHistogramHasNoSum() {
        var samples = Samples()
        let value = HistogramValue(buckets: Buckets([1]), counts: [2, 3], sum: .nan)
        samples.add(Descriptor(.gaugeHistogram, "h", help: "H."), Sample(value: .histogram(value), start: Self.start))
        #expect(
            hex(samples) == "320a01681202482e180522273a25080511000000000000f87f1a0b080211"
                + "000000000000f03f1a0b080511000000000000f07f")
    }

    @Test func histogramHasClassicAndNativeBucketsAndExemplars() {
        var samples = Samples()
        var histogram = Histogram(.seconds([0.001]))
        var places: [Int] = []
        for nanoseconds: UInt64 in [500_000, 1_000_000_000, 1_250_000_000] {
            histogram.record(nanoseconds)
            places.append(NativeScale.shared.place(of: nanoseconds))
        }
        let exemplar = Exemplar(
            label: "trace_id", value: "abc", observation: 0.0005, at: Moment(nanoseconds: 1_700_000_000_250_000_000))
        let value = HistogramValue(
            buckets: histogram.buckets, counts: histogram.counts, sum: histogram.value.sum,
            native: NativeHistogram(places.map { ($0, 1) }), exemplars: [exemplar, nil])
        let descriptor = Descriptor(.histogram, "h_seconds", labels: ["c"], help: "H.")
        let start = Moment(nanoseconds: 1_700_000_000_000_000_000)
        samples.add(descriptor, Sample(labels: ["get"], value: .histogram(value), start: start))
        #expect(hex(samples) == Self.histogram)
    }

    /// Prometheus refuses a page on which a classic histogram follows upon a native one in the same message.
    @Test func nativeAndClassicSeriesOfAFamilyAreAMessageEach() {
        func page(_ series: (label: String, isNative: Bool)...) -> [UInt8] {
            var samples = Samples()
            let descriptor = Descriptor(.histogram, "h_seconds", labels: ["c"], help: "H.")
            for (label, isNative) in series {
                let native = isNative ? NativeHistogram([(1, 1)]) : nil
                let value = HistogramValue(buckets: Buckets([]), counts: [1], sum: 1, native: native)
                samples.add(descriptor, Sample(labels: [label], value: .histogram(value)))
            }
            return Exposition([.init(samples)]).page(in: .protobuf)
        }
        #expect(page(("a", true), ("b", false), ("c", true)) == page(("b", false)) + page(("a", true), ("c", true)))
    }

    @Test func targetIsTheLastLabel() {
        var samples = Samples()
        samples.add(Descriptor(.gauge, "g", labels: ["a"], help: "G."), 0, "b")
        #expect(
            hex(samples, target: "h:1").hasSuffix(
                "0a060a0161120162" + "0a0d0a067461726765741203683a31" + "1209090000000000000000"))
    }

    /// A family without a series would be an odd shape, and so would be a value of another kind.
    @Test func whatDoesNotFitItsFamilyIsLeftOut() {
        var samples = Samples()
        samples.add(Descriptor(.histogram, "h", help: "H."), 1)
        samples.add(Descriptor(.gauge, "g", help: "G."), Sample(value: .histogram(Histogram(.latency).value)))
        samples.add(Descriptor(.counter, "c_total", help: "C."), -1)
        #expect(hex(samples) == "")
    }

    @Test(arguments: [127, 128, 16_383, 16_384])
    func lengthsAreWrittenInAsManyBytesAsTheyTake(length: Int) {
        var samples = Samples()
        // 20 bytes beside the help and its length.
        let help = String(repeating: "h", count: length - 20)
        samples.add(Descriptor(.gauge, "g", help: help), 0)
        let page = Exposition([.init(samples)]).page(in: .protobuf)
        var (size, shift, start) = (0, 0, 0)
        repeat {
            size |= Int(page[start] & 0x7F) << shift
            shift += 7
            start += 1
        } while page[start - 1] > 0x7F
        #expect(size == page.count - start)
        #expect(page[start...].starts(with: [0x0A, 1, UInt8(ascii: "g"), 0x12]))
    }

    @Test func everyFormatIsOfferedUnderItsOwnContentType() {
        #expect(Set(ExpositionFormat.allCases.map(\.contentType)).count == ExpositionFormat.allCases.count)
        for format in ExpositionFormat.allCases {
            let parameters = format.offer.parameters.map { "; \($0.name)=\($0.value)" }.joined()
            #expect(format.contentType.hasPrefix(format.offer.mediaType + parameters))
        }
    }
}
