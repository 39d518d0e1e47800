import Foundation
import HTTP
import Metrics
import Synchronization
import TestKit
import Testing

@testable import Exporter

private struct EmptyCollector: Collector {
    let name = "empty"
    let parts: [String] = []

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
}

@Suite struct PageStoreTests {
    private static let kept = Descriptor(.gauge, "m_kept", help: "Kept.")
    private static let later = Descriptor(.gauge, "z_kept", help: "Kept.")
    private static let live = Descriptor(.gauge, "n_live", help: "Live.")

    private let source = Source(
        collector: EmptyCollector(), address: "", interval: .seconds(5), timeout: .seconds(1), up: nil, retry: nil)

    private func report(_ value: Double) -> Report {
        var samples = Samples()
        samples.add(Self.kept, value)
        samples.add(Self.later, value)
        var report = Report(source)
        report.record(.success(Collected(samples: samples)), duration: .zero, at: .now, time: .now)
        return report
    }

    private func store(_ registry: Registry, excluding: [String] = []) -> PageStore {
        let scrapes = Atomic(0)
        let live = LiveSamples(of: { scrapes.add(1, ordering: .relaxed).newValue }) { scrape in
            var samples = Samples()
            samples.add(Self.live, Double(scrape))
            return samples
        }
        return PageStore(registry, excluding: excluding.map(NamePattern.init), live: [live])
    }

    private func lines(_ page: PageStore.Page) -> [Substring] {
        String(decoding: page.body.bytes, as: UTF8.self).split(separator: "\n")
    }

    /// A page that is arranged before anybody asks for it has the values of the moment when somebody does.
    @Test func whatIsTakenInEarlyIsNotShownLate() {
        let registry = Registry([report(1)])
        let store = store(registry)
        store.takeIn()
        registry.publish(report(2), at: 0)
        store.takeIn()
        for format in [ExpositionFormat.text, .openMetrics] {
            let lines = lines(store.page(in: format, compressed: false))
            #expect(lines.contains("m_kept 2") && lines.contains("z_kept 2"), "\(format)")
        }
    }

    /// As when somebody looks with curl beside a Prometheus.
    @Test(arguments: [1, 4, 5, 12])
    func aFormatThatWasNotAskedForInAWhileHasWhatIsNew(updates: Int) {
        let registry = Registry([Report(source)])
        let store = store(registry)
        _ = store.page(in: .text, compressed: true)
        for update in 1...updates {
            registry.publish(report(Double(update)), at: 0)
            _ = store.page(in: .openMetrics, compressed: false)
        }
        let lines = lines(store.page(in: .text, compressed: false))
        #expect(lines.contains("m_kept \(updates)") && lines.contains("z_kept \(updates)"))
    }

    @Test func liveFamiliesAreNewWithEachScrapeAndStandInOrder() {
        let registry = Registry([Report(source)])
        registry.publish(report(1), at: 0)
        let store = store(registry)
        for scrape in 1...3 {
            let lines = lines(store.page(in: .text, compressed: false))
            let values = lines.filter { $0.contains("kept ") || $0.contains("live ") }.filter { !$0.hasPrefix("#") }
            #expect(values == ["m_kept 1", "n_live \(scrape)", "z_kept 1"])
            let names = lines.filter { $0.hasPrefix("# TYPE") }
            #expect(names == names.sorted())
        }
    }

    @Test func aLiveFamilyComesAndGoes() {
        let registry = Registry([Report(source)])
        let isThere = Atomic(false)
        let live = LiveSamples(of: { isThere.load(ordering: .relaxed) }) { isThere in
            var samples = Samples()
            if isThere { samples.add(Self.live, 1) }
            return samples
        }
        let store = PageStore(registry, excluding: [], live: [live])
        for wanted in [false, true, true, false] {
            isThere.store(wanted, ordering: .relaxed)
            #expect(lines(store.page(in: .text, compressed: false)).contains("n_live 1") == wanted)
        }
    }

    @Test func samplesAreMadeWhenTheirFactsChange() {
        let fact = Atomic(1)
        let made = Atomic(0)
        var live = LiveSamples(of: { fact.load(ordering: .relaxed) }) { fact in
            made.add(1, ordering: .relaxed)
            var samples = Samples()
            samples.add(Self.live, Double(fact))
            return samples
        }
        #expect(live.changes() != nil && live.changes() == nil)
        fact.store(2, ordering: .relaxed)
        #expect(live.changes() != nil && live.changes() == nil)
        #expect(made.load(ordering: .relaxed) == 2)
    }

    @Test func thePageThatWasMadeReadyIsSentOnce() async throws {
        let registry = Registry([Report(source)])
        registry.publish(report(1), at: 0)
        let made = Atomic(0)
        let live = LiveSamples(of: { made.add(1, ordering: .relaxed).newValue }) { number in
            var samples = Samples()
            samples.add(Self.live, Double(number))
            return samples
        }
        let store = PageStore(registry, excluding: [], live: [live])
        // On a busy machine the page may be a second old when it is asked for, and is made again then.
        var isSent = false
        for _ in 0..<20 where !isSent {
            let number = made.load(ordering: .relaxed) + 1
            store.makeReady(.text, compressed: false, before: .now)
            try await eventually("the page is made") { made.load(ordering: .relaxed) == number }
            isSent = lines(store.page(in: .text, compressed: false)).contains("n_live \(number)")
            let next = lines(store.page(in: .text, compressed: false))
            if isSent { #expect(next.contains("n_live \(number + 1)"), "nobody keeps it any longer") }
        }
        #expect(isSent, "not made again")
    }

    @Test func aPollThatEndedIsOnTheNextPage() {
        let registry = Registry([Report(source)])
        let store = store(registry)
        #expect(!lines(store.page(in: .text, compressed: false)).contains("m_kept 1"))
        registry.publish(report(1), at: 0)
        #expect(lines(store.page(in: .text, compressed: false)).contains("m_kept 1"))
        registry.publish(report(2), at: 0)
        #expect(lines(store.page(in: .text, compressed: false)).contains("z_kept 2"))
    }

    /// Nothing is merged silently: what stands twice is counted on the page and named in the log, once.
    @Test func seriesThatStandTwiceAreCountedAndNamed() {
        let twice = Descriptor(.gauge, "twice", labels: ["name"], help: "Stands twice.")
        func report(_ names: String) -> Report {
            var samples = Samples()
            for name in names { samples.add(twice, 1, String(name)) }
            var report = Report(source)
            report.record(.success(Collected(samples: samples)), duration: .zero, at: .now, time: .now)
            return report
        }
        let log = Lines()
        let registry = Registry([Report(source)])
        let store = PageStore(registry, excluding: [], live: [], log: Log(write: log.append))
        let quiet = PageStore(registry, excluding: ["twi*"].map(NamePattern.init), live: [])
        for (names, count, logged) in [("ab", 0, 0), ("aab", 1, 1), ("aaa", 2, 1), ("a", 0, 1), ("bb", 1, 2)] {
            registry.publish(report(names), at: 0)
            #expect(lines(store.page(in: .text, compressed: false)).contains("sidelong_duplicate_series \(count)"))
            #expect(lines(quiet.page(in: .text, compressed: false)).contains("sidelong_duplicate_series 0"))
            #expect(log.all.count == logged)
        }
        #expect(log.all.first?.contains("series=1 families=twice") == true)
    }

    @Test(arguments: ExpositionFormat.allCases)
    func theCompressedPageIsTheSamePage(format: ExpositionFormat) async throws {
        let registry = Registry([Report(source)])
        registry.publish(report(1), at: 0)
        let store = store(registry, excluding: ["n_*"])
        let plain = store.page(in: format, compressed: false)
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let page = store.page(in: format, compressed: true)
            #expect(page.isCompressed)
            try Data(page.body.bytes).write(to: folder.url.appending(path: "page.gz"))
            let gzip = try ServerProcess("gzip", ["-dkf", "page.gz"], in: folder)
            #expect(try await gzip.exitStatus() == 0)
            #expect(try Array(Data(contentsOf: folder.url.appending(path: "page"))) == plain.body.bytes)
        }
    }

    /// What stays the same is cut off from what changes, and put back when it begins to change.
    @Test func aPageThatIsCutAnewIsTheSamePage() async throws {
        let large = Descriptor(.gauge, "m_large", labels: ["l"], help: "Large.")
        func report(_ value: Double, large text: String) -> Report {
            var samples = Samples()
            for number in 0..<400 { samples.add(large, 1, "\(text) \(number)") }
            samples.add(Self.kept, value)
            samples.add(Self.later, value)
            var report = Report(source)
            report.record(.success(Collected(samples: samples)), duration: .zero, at: .now, time: .now)
            return report
        }
        let registry = Registry([Report(source)])
        let store = store(registry, excluding: ["n_*"])
        var (compressed, plain) = (Data(), Data())
        var parts: [Int] = []
        for update in 1...22 {
            registry.publish(report(Double(update), large: update < 12 ? "a" : "\(update)"), at: 0)
            let page = Data(store.page(in: .text, compressed: true).body.bytes)
            compressed += page
            plain += store.page(in: .text, compressed: false).body.bytes
            // Each part ends with an empty block.
            if update % 11 == 0 || update == 1 { parts.append(page.ranges(of: Data([0, 0, 0xFF, 0xFF])).count) }
        }
        // gzip takes files that stand one behind the other.
        let folder = try TemporaryFolder()
        try compressed.write(to: folder.url.appending(path: "pages.gz"))
        let gzip = try ServerProcess("gzip", ["-dkf", "pages.gz"], in: folder)
        #expect(try await gzip.exitStatus() == 0)
        #expect(try Data(contentsOf: folder.url.appending(path: "pages")) == plain)
        #expect(parts == [parts[0], parts[0] + 2, parts[0]], "before it, itself, and behind it")
    }

    @Test func openMetricsEndsWithItsMark() {
        let registry = Registry([Report(source)])
        let store = store(registry)
        #expect(lines(store.page(in: .openMetrics, compressed: false)).last == "# EOF")
    }

    @Test(arguments: [
        ("redis_*", "redis_up", true), ("redis_*", "redi", false), ("*_total", "a_total", true), ("*", "", true),
        ("a*b*c", "a_b_c", true), ("a*b*c", "acb", false), ("a*a", "a", false), ("exact", "exact", true),
        ("exact", "exactly", false), ("*b*", "abc", true), ("a**c", "abc", true),
    ])
    func patternsFitWholeNames(pattern: String, name: String, fits: Bool) {
        #expect(NamePattern(pattern).matches(name) == fits)
    }

    @Test func excludedFamiliesAreGone() {
        let registry = Registry([Report(source)])
        registry.publish(report(1), at: 0)
        let page = lines(store(registry, excluding: ["m_*", "n_live"]).page(in: .text, compressed: false))
        #expect(page.contains("z_kept 1"))
        #expect(!page.contains { $0.contains("m_kept") || $0.contains("n_live") })
    }
}
