// The page as it is served. Families change only when a poll ends, and a page is scraped more often than that, so runs
// of unchanged families are kept written and compressed; only the few live families (requests to this program, the state
// of its configuration, its build) are written for each scrape.

import HTTP
import Metrics
import Synchronization

/// Makes pages from the registry, and keeps what can be kept until the next poll ends.
final class PageStore: Sendable {
    /// A page ready to be sent.
    struct Page: Sendable {
        let body: HTTPBody
        let isCompressed: Bool
    }

    private let registry: Registry
    private let excluded: [NamePattern]
    /// Samples that are taken at the moment of the scrape: cheap, from memory.
    private let live: @Sendable () -> Samples
    private let kept = Mutex(Kept())

    fileprivate struct Kept {
        var generation: UInt64?
        var families: [Exposition.MergedFamily] = []
        var runs: [RunKey: Run] = [:]
        var live: [LiveKey: LiveRun] = [:]
    }

    /// A run of families that lies between two live ones, in one format.
    fileprivate struct RunKey: Hashable {
        let format: ExpositionFormat
        let families: Range<Int>
    }

    /// A run as it is sent: written, and compressed when somebody asks for that.
    fileprivate struct Run {
        var bytes: [UInt8]?
        var compressed: GzipSegment?
    }

    fileprivate struct LiveKey: Hashable {
        let format: ExpositionFormat
        let family: String
    }

    /// A live family as it was last sent. Only those about requests change with every scrape.
    fileprivate struct LiveRun {
        let series: [Exposition.Series]
        var run = Run()
    }

    /// What a page consists of, in order.
    private enum Piece {
        case kept(Range<Int>)
        case live(Exposition.MergedFamily)
    }

    private static let duplicateSeries = Descriptor(
        .gauge, "sidelong_duplicate_series",
        help: "Series of the page that stood twice, or under a name that another kind of metric has, and were left out."
    )

    static let descriptors = [duplicateSeries]

    /// Families that only this program itself fills; whoever else uses such a name is left out.
    private static let own = Set(
        (descriptors + RequestMetrics.descriptors + AccessMetrics.descriptors + ReloadMetrics.descriptors
            + [SystemCallFilter.active, BuildFacts.info]).map(\.name))

    init(_ registry: Registry, excluding excluded: [NamePattern], live: @escaping @Sendable () -> Samples) {
        self.registry = registry
        self.excluded = excluded
        self.live = live
    }

    /// The page at this moment. Costs a copy when nothing has changed, a few hundred microseconds after a poll.
    func page(in format: ExpositionFormat, compressed: Bool) -> Page {
        let contents = registry.contents
        return kept.withLock { kept in
            if kept.generation != contents.generation { rebuild(&kept, from: contents) }
            // Without memory for compression the page still goes out.
            let page = compressed ? try? compressedPage(in: format, &kept) : nil
            return page ?? plainPage(in: format, &kept)
        }
    }

    private func rebuild(_ kept: inout Kept, from contents: Registry.Contents) {
        let exposition = Exposition(contents.reports.flatMap(\.parts))
        let hidden = exposition.families.filter { Self.own.contains($0.descriptor.name) }.reduce(0) {
            $0 + $1.series.count
        }
        var duplicates = Samples()
        duplicates.add(Self.duplicateSeries, Double(exposition.duplicates + hidden))
        kept.families =
            (exposition.families.filter { !Self.own.contains($0.descriptor.name) }
            + Exposition([.init(duplicates)]).families)
            .filter { !isExcluded($0.descriptor.name) }
            .sorted { $0.descriptor.name < $1.descriptor.name }
        kept.runs = [:]
        kept.generation = contents.generation
    }

    /// The live families, and the runs of kept ones between them.
    private func pieces(among families: [Exposition.MergedFamily]) -> [Piece] {
        var pieces: [Piece] = []
        var next = 0
        for family in Exposition([.init(live())]).families where !isExcluded(family.descriptor.name) {
            let name = family.descriptor.name
            let end = families[next...].firstIndex { $0.descriptor.name > name } ?? families.count
            pieces.append(.kept(next..<end))
            next = end
            pieces.append(.live(family))
        }
        return pieces + [.kept(next..<families.count)]
    }

    private func plainPage(in format: ExpositionFormat, _ kept: inout Kept) -> Page {
        let parts = pieces(among: kept.families).map { piece in
            switch piece {
            case .live(let family): kept.bytes(of: family, in: format)
            case .kept(let range): kept.bytes(of: RunKey(format: format, families: range))
            }
        }
        return Page(body: HTTPBody(joining: parts + [format.ending]), isCompressed: false)
    }

    private func compressedPage(in format: ExpositionFormat, _ kept: inout Kept) throws(GzipError) -> Page {
        var deflater = try Deflater(level: Self.compressionLevel, for: .small)
        var segments: [GzipSegment] = []
        for piece in pieces(among: kept.families) {
            switch piece {
            case .live(let family): segments.append(try kept.segment(of: family, in: format, &deflater))
            case .kept(let range):
                segments.append(try kept.segment(of: RunKey(format: format, families: range)))
            }
        }
        segments.append(try deflater.segment(format.ending))
        return Page(body: HTTPBody(Gzip.join(segments)), isCompressed: true)
    }

    /// Fast rather than small: a page goes over a short way, once.
    fileprivate static let compressionLevel = 1

    private func isExcluded(_ name: String) -> Bool {
        excluded.contains { $0.matches(name) }
    }
}

extension PageStore.Kept {
    fileprivate mutating func bytes(of key: PageStore.RunKey) -> [UInt8] {
        if let bytes = runs[key]?.bytes { return bytes }
        var buffer = PageBuffer(capacity: families[key.families].reduce(0) { $0 + $1.estimatedSize })
        for family in families[key.families] { buffer.append(family, in: key.format) }
        runs[key, default: PageStore.Run()].bytes = buffer.bytes
        return buffer.bytes
    }

    fileprivate mutating func segment(of key: PageStore.RunKey) throws(GzipError) -> GzipSegment {
        if let segment = runs[key]?.compressed { return segment }
        var deflater = try Deflater(level: PageStore.compressionLevel)
        let segment = try deflater.segment(bytes(of: key))
        runs[key] = PageStore.Run(bytes: nil, compressed: segment)
        return segment
    }

    fileprivate mutating func bytes(of family: Exposition.MergedFamily, in format: ExpositionFormat) -> [UInt8] {
        let key = PageStore.LiveKey(format: format, family: family.descriptor.name)
        if let known = live[key], known.series == family.series, let bytes = known.run.bytes { return bytes }
        var buffer = PageBuffer()
        buffer.append(family, in: format)
        live[key] = PageStore.LiveRun(series: family.series, run: PageStore.Run(bytes: buffer.bytes))
        return buffer.bytes
    }

    fileprivate mutating func segment(
        of family: Exposition.MergedFamily, in format: ExpositionFormat, _ deflater: inout Deflater
    ) throws(GzipError) -> GzipSegment {
        let key = PageStore.LiveKey(format: format, family: family.descriptor.name)
        if let known = live[key], known.series == family.series, let segment = known.run.compressed { return segment }
        let segment = try deflater.segment(bytes(of: family, in: format))
        live[key]?.run.compressed = segment
        return segment
    }
}
