import Metrics
import Testing

/// A page that is patched is the page that would be written, byte for byte.
@Suite struct KeptPageTests {
    private func bytes(_ page: inout KeptPage, in format: ExpositionFormat) -> [UInt8] {
        var bytes: [UInt8] = []
        page.append(0..<page.count, in: format, to: &bytes)
        return bytes + format.ending
    }

    private func expectSame(
        _ page: inout KeptPage, as contributions: [Exposition.Contribution], in formats: [ExpositionFormat],
        _ comment: Comment
    ) {
        let written = Exposition(contributions)
        for format in formats {
            let (kept, whole) = (bytes(&page, in: format), written.page(in: format))
            guard kept != whole else { continue }
            let place = zip(kept, whole).enumerated().first { $1.0 != $1.1 }?.offset ?? min(kept.count, whole.count)
            let around = max(0, place - 80)..<place
            Issue.record("\(comment), \(format): \(String(decoding: whole[around], as: UTF8.self)) …")
        }
        #expect(page.leftOut.map(\.family) == written.leftOut.map(\.family), comment)
        #expect(page.leftOut.map(\.series) == written.leftOut.map(\.series), comment)
    }

    /// Whatever the sources come to know, and whatever formats are asked for in between.
    @Test(arguments: 0..<24 as Range<UInt64>)
    func aPatchedPageIsTheWrittenOne(seed: UInt64) {
        var sources = RandomSources(seed: seed)
        var random = SplitMix(state: seed)
        var page = KeptPage()
        for poll: UInt64 in 1...60 {
            sources.poll(at: poll)
            _ = page.update(sources.contributions)
            let formats = ExpositionFormat.allCases.filter { _ in random.next(below: 4) > 0 }
            if random.next(below: 16) == 0 { page.forget(.text) }
            expectSame(&page, as: sources.contributions, in: formats, "seed \(seed), poll \(poll)")
        }
    }

    private static let gauge = Descriptor(.gauge, "m", labels: ["l"], help: "M.")
    private static let counter = Descriptor(.counter, "n_total", help: "N.")

    private func contributions(_ values: [(String, Double)], count: Double = 1) -> [Exposition.Contribution] {
        var samples = Samples()
        for (label, value) in values { samples.add(Self.gauge, value, label) }
        samples.add(Self.counter, count)
        return [Exposition.Contribution(samples)]
    }

    /// Widths change in both directions, and what stands behind moves.
    @Test(arguments: ExpositionFormat.allCases)
    func valuesOfAnyWidthMoveTheirLines(format: ExpositionFormat) {
        var page = KeptPage()
        for (a, b) in [(1.0, 2.0), (1_000_000, 2), (3, 0.125), (.nan, -1), (3, -1), (3, -1)] {
            let contributions = contributions([("b", b), ("a", a)])
            _ = page.update(contributions)
            expectSame(&page, as: contributions, in: [format], "\(a), \(b)")
        }
    }

    /// What is told apart is what a page has to be compressed anew for.
    @Test func onlyFamiliesWithOtherValuesHaveChanged() {
        var page = KeptPage()
        func update(_ contributions: [Exposition.Contribution]) -> [Bool] {
            [page.update(contributions), page.isChanged(0), page.isChanged(1)]
        }
        #expect(update(contributions([("a", 1)])) == [false, true, true])
        #expect(update(contributions([("a", 1)])) == [true, false, false])
        #expect(update(contributions([("a", 1)], count: 2)) == [true, false, true])
        #expect(update(contributions([("a", 1), ("b", 1)], count: 2)) == [true, true, false])
    }

    /// Labels that Swift calls equal are other bytes, and another series.
    @Test func aNameInAnotherUnicodeFormIsAnotherSeries() {
        var page = KeptPage()
        for name in ["caf\u{e9}", "cafe\u{301}"] {
            let contributions = contributions([(name, 1)])
            _ = page.update(contributions)
            expectSame(&page, as: contributions, in: ExpositionFormat.allCases, "\(name.utf8.count) bytes")
        }
    }

    @Test func whatMayNotBeShownIsLeftOutAndCountedOrNot() {
        let admissions: [Admission] = [.shown, .hidden, .refused]
        for admission in admissions {
            var page = KeptPage { $0 === Self.gauge ? admission : .shown }
            _ = page.update(contributions([("a", 1), ("b", 1)]))
            let text = String(decoding: bytes(&page, in: .text), as: UTF8.self)
            #expect(text.contains("m{l=\"a\"} 1") == (admission == .shown) && text.contains("n_total 1\n"))
            #expect(page.leftOut.map(\.series) == (admission == .refused ? [2] : []))
        }
    }

    /// Families m0 to m9 of 1,000 bytes and more, the first and the sixth of which change each time.
    @Test func manyBytesThatStayTheSameAreAStretch() {
        let descriptors = (0..<10).map { Descriptor(.gauge, "m\($0)", help: String(repeating: "x", count: 1000)) }
        var page = KeptPage()
        func stretches(calmFor updates: Int, ofAtLeast bytes: Int) -> [Range<Int>] {
            page.stretches(of: 0..<10, calmFor: updates, ofAtLeast: bytes)
        }
        for update in 1...4 {
            var samples = Samples()
            for (number, descriptor) in descriptors.enumerated() {
                samples.add(descriptor, number == 0 || number == 5 ? Double(update) : 1)
            }
            _ = page.update([Exposition.Contribution(samples)])
            #expect(stretches(calmFor: 1, ofAtLeast: 1) == [0..<10] || update > 1, "never written")
            _ = bytes(&page, in: .text)
        }
        #expect(stretches(calmFor: 3, ofAtLeast: 4000) == [0..<1, 1..<5, 5..<6, 6..<10])
        #expect(stretches(calmFor: 3, ofAtLeast: 6000) == [0..<10], "too short")
        #expect(stretches(calmFor: 4, ofAtLeast: 4000) == [0..<10], "not for so long")
        #expect(page.stretches(of: 1..<8, calmFor: 3, ofAtLeast: 2000) == [1..<5, 5..<6, 6..<8])
        #expect(page.stretches(of: 2..<4, calmFor: 3, ofAtLeast: 4000) == [2..<4])
        #expect(page.stretches(of: 3..<3, calmFor: 3, ofAtLeast: 0) == [])
    }
}
