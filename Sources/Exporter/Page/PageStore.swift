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

    /// What a page consists of, in order.
    private enum Piece {
        case kept(Range<Int>)
        case live([UInt8])
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

    /// The live families, written, and the runs of kept ones between them; the format's ending comes last.
    private func pieces(in format: ExpositionFormat, _ families: [Exposition.MergedFamily]) -> [Piece] {
        var pieces: [Piece] = []
        var next = 0
        for family in Exposition([.init(live())]).families where !isExcluded(family.descriptor.name) {
            let name = family.descriptor.name
            let end = families[next...].firstIndex { $0.descriptor.name > name } ?? families.count
            pieces.append(.kept(next..<end))
            next = end
            var buffer = PageBuffer()
            buffer.append(family, in: format)
            pieces.append(.live(buffer.bytes))
        }
        return pieces + [.kept(next..<families.count), .live(format.ending)]
    }

    private func plainPage(in format: ExpositionFormat, _ kept: inout Kept) -> Page {
        let parts = pieces(in: format, kept.families).map { piece in
            switch piece {
            case .live(let bytes): bytes
            case .kept(let range): kept.bytes(of: RunKey(format: format, families: range))
            }
        }
        return Page(body: HTTPBody(joining: parts), isCompressed: false)
    }

    private func compressedPage(in format: ExpositionFormat, _ kept: inout Kept) throws(GzipError) -> Page {
        var deflater = try Deflater(level: Self.compressionLevel, for: .small)
        var segments: [GzipSegment] = []
        for piece in pieces(in: format, kept.families) {
            switch piece {
            case .live(let bytes): segments.append(try deflater.segment(bytes))
            case .kept(let range):
                segments.append(try kept.segment(of: RunKey(format: format, families: range)))
            }
        }
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
}
