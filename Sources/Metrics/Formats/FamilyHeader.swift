// What stands above a family's series is a third of a page and never changes, so it is written once in each format that
// somebody asks for, and kept with the descriptor: some 200 bytes each.

import Synchronization

/// What stands above the series of one family, in one format; the first of a list with one for each format.
final class FamilyHeader: Sendable {
    fileprivate let format: ExpositionFormat
    fileprivate let bytes: [UInt8]
    fileprivate let next = AtomicLazyReference<FamilyHeader>()

    fileprivate init(_ descriptor: Descriptor, in format: ExpositionFormat) {
        self.format = format
        bytes = format.encoder.header(of: descriptor).bytes
    }
}

extension Descriptor {
    /// What stands above the series in this format.
    func header(in format: ExpositionFormat) -> [UInt8] {
        var header = headers.load() ?? headers.storeIfNil(FamilyHeader(self, in: format))
        while header.format != format {
            header = header.next.load() ?? header.next.storeIfNil(FamilyHeader(self, in: format))
        }
        return header.bytes
    }
}
