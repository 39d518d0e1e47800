// A page in sections, each of which is compressed once and then kept for as long as its bytes are the same.

import HTTP
import Metrics

/// All families in the order of their names, cut before and after each one that changes between polls.
struct PageSections {
    /// Families that stand beside each other.
    private struct Section {
        let isLive: Bool
        let families: Range<Int>
        var compressed: [ExpositionFormat: GzipSegment] = [:]
        /// What it took when it was last put together.
        var size = 0
    }

    /// The families that stay the same until a poll ends.
    private var polled: KeptPage
    /// The families that may change at any time.
    private var live: KeptPage
    private var sections: [Section] = []
    /// How often the sources have brought something since each format was asked for last.
    private var unread: [ExpositionFormat: Int] = [:]

    /// What nobody has asked for after so many updates is not kept any longer: a look with curl, one of a scraper that
    /// is gone. To write a page anew costs about as much as so many updates.
    private static let mostUnread = 4

    /// Families that have not changed in so many updates, and take so many bytes together, are a section of their own.
    /// To compress them again would cost more than a section does.
    private static let calm = (updates: 4, bytes: 8192)
    /// Updates since the page was cut.
    private var updates = 0

    /// - Parameters:
    ///   - polled: which families of the sources may be shown.
    ///   - live: which families about the program itself may be.
    init(
        polled: @escaping @Sendable (Descriptor) -> Admission, live: @escaping @Sendable (Descriptor) -> Admission
    ) {
        self.polled = KeptPage(polled)
        self.live = KeptPage(live)
    }

    /// Series of the sources that were left out, by family.
    var leftOut: [(family: String, series: Int)] { polled.leftOut }

    /// Takes in what the sources know now.
    mutating func update(polled contributions: [Exposition.Contribution]) {
        for (format, updates) in unread {
            unread[format] = updates + 1
            if updates == Self.mostUnread { forget(format) }
        }
        let isSame = polled.update(contributions)
        tidy(isSame: isSame, isLive: false)
        updates += 1
        if updates > Self.calm.updates { cut() }
    }

    /// Takes in what the program knows of itself now.
    mutating func update(live contributions: [Exposition.Contribution]) {
        let isSame = live.update(contributions)
        tidy(isSame: isSame, isLive: true)
    }

    /// Forgets compressed sections of which the bytes have changed.
    private mutating func tidy(isSame: Bool, isLive: Bool) {
        if !isSame {
            sections = []
            return cut()
        }
        for index in sections.indices where sections[index].isLive == isLive {
            let isChanged = sections[index].families.contains { isLive ? live.isChanged($0) : polled.isChanged($0) }
            if isChanged { sections[index].compressed = [:] }
        }
    }

    /// Cuts the page anew. A section of the same families as before stays as it is.
    private mutating func cut() {
        let before = sections
        sections = []
        updates = 0
        func add(_ families: Range<Int>, isLive: Bool) {
            let known = before.first { $0.isLive == isLive && $0.families == families }
            sections.append(known ?? Section(isLive: isLive, families: families))
        }
        func addPolled(_ families: Range<Int>) {
            let stretches = polled.stretches(of: families, calmFor: Self.calm.updates, ofAtLeast: Self.calm.bytes)
            for stretch in stretches { add(stretch, isLive: false) }
        }
        var next = 0
        for family in 0..<live.count {
            let start = next
            while next < polled.count, polled.name(of: next) < live.name(of: family) { next += 1 }
            addPolled(start..<next)
            add(family..<family + 1, isLive: true)
        }
        addPolled(next..<polled.count)
    }

    private mutating func forget(_ format: ExpositionFormat) {
        unread[format] = nil
        polled.forget(format)
        live.forget(format)
        for index in sections.indices { sections[index].compressed[format] = nil }
    }

    private mutating func bytes(of section: Int, in format: ExpositionFormat) -> [UInt8] {
        var bytes: [UInt8] = []
        // Most of the time some values are a digit longer or shorter.
        bytes.reserveCapacity(sections[section].size + sections[section].size / 16)
        defer { sections[section].size = bytes.count }
        let families = sections[section].families
        if sections[section].isLive {
            live.append(families, in: format, to: &bytes)
        } else {
            polled.append(families, in: format, to: &bytes)
        }
        return bytes
    }

    /// The whole page.
    mutating func plain(in format: ExpositionFormat) -> HTTPBody {
        unread[format] = 0
        return HTTPBody(joining: sections.indices.map { bytes(of: $0, in: format) } + [format.ending])
    }

    /// The whole page as one gzip stream.
    mutating func compressed(
        in format: ExpositionFormat, with deflater: inout Deflater
    ) throws(GzipError) -> HTTPBody {
        unread[format] = 0
        var segments: [GzipSegment] = []
        for index in sections.indices {
            if let known = sections[index].compressed[format] {
                segments.append(known)
            } else {
                let segment = try deflater.segment(bytes(of: index, in: format))
                sections[index].compressed[format] = segment
                segments.append(segment)
            }
        }
        return HTTPBody(Gzip.join(segments + [try deflater.segment(format.ending)]))
    }
}
