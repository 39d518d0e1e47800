// A page in sections, each of which is written and compressed once and then kept for as long as its families are the
// same.

import HTTP
import Metrics

/// All families in the order of their names, cut before and after each one that changes between polls.
struct PageSections {
    private struct Section {
        var families: [Exposition.MergedFamily]
        let isLive: Bool
        var written: [ExpositionFormat: Written] = [:]

        func bytes(in format: ExpositionFormat) -> [UInt8] {
            var buffer = PageBuffer(capacity: families.reduce(0) { $0 + $1.estimatedSize })
            for family in families { buffer.append(family, in: format) }
            return buffer.bytes
        }
    }

    /// A section as it is sent.
    private struct Written {
        var plain: [UInt8]?
        var compressed: GzipSegment?
    }

    private var sections: [Section] = []

    init() {}

    /// - Parameters:
    ///   - polled: families that stay the same until a poll ends.
    ///   - live: families that may change at any time.
    init(polled: [Exposition.MergedFamily], live: [Exposition.MergedFamily]) {
        let families = polled.map { (family: $0, isLive: false) } + live.map { (family: $0, isLive: true) }
        for (family, isLive) in families.sorted(by: { $0.family.descriptor.name < $1.family.descriptor.name }) {
            if !isLive, let last = sections.last, !last.isLive {
                sections[sections.count - 1].families.append(family)
            } else {
                sections.append(Section(families: [family], isLive: isLive))
            }
        }
    }

    /// Puts the newest series of a live family in place of the older ones.
    ///
    /// - Returns: false when there is no such family yet.
    mutating func replace(_ family: Exposition.MergedFamily) -> Bool {
        let place = sections.firstIndex { $0.isLive && $0.families[0].descriptor === family.descriptor }
        guard let place else { return false }
        guard sections[place].families[0].series != family.series else { return true }
        sections[place].families[0] = family
        sections[place].written = [:]
        return true
    }

    /// The whole page.
    mutating func plain(in format: ExpositionFormat) -> HTTPBody {
        var parts: [[UInt8]] = []
        for index in sections.indices {
            if let known = sections[index].written[format]?.plain {
                parts.append(known)
            } else {
                let part = sections[index].bytes(in: format)
                sections[index].written[format, default: Written()].plain = part
                parts.append(part)
            }
        }
        return HTTPBody(joining: parts + [format.ending])
    }

    /// The whole page as one gzip stream.
    mutating func compressed(
        in format: ExpositionFormat, with deflater: inout Deflater
    ) throws(GzipError) -> HTTPBody {
        var segments: [GzipSegment] = []
        for index in sections.indices {
            if let known = sections[index].written[format]?.compressed {
                segments.append(known)
            } else {
                let segment = try deflater.segment(sections[index].bytes(in: format))
                sections[index].written[format, default: Written()].compressed = segment
                segments.append(segment)
            }
        }
        return HTTPBody(Gzip.join(segments + [try deflater.segment(format.ending)]))
    }
}
