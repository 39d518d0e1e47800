// What stands above a family's series is a third of a page and never changes. So it is written once in each format that
// somebody asks for, and kept with the descriptor: some 200 bytes each.

import Synchronization

/// What stands above the series of one family, in one format; the first of a list with one for each format.
final class FamilyHeader: Sendable {
    /// The type that writes the format.
    private let writer: ObjectIdentifier
    let bytes: [UInt8]
    private let next = AtomicLazyReference<FamilyHeader>()

    private init(_ bytes: [UInt8], by writer: ObjectIdentifier) {
        self.writer = writer
        self.bytes = bytes
    }

    /// The header that a writer has written into a list, which it does the first time it is asked.
    static func kept(
        in list: borrowing AtomicLazyReference<FamilyHeader>, by writer: any Any.Type, _ write: () -> [UInt8]
    ) -> [UInt8] {
        let writer = ObjectIdentifier(writer)
        var header = list.load() ?? list.storeIfNil(FamilyHeader(write(), by: writer))
        while header.writer != writer {
            header = header.next.load() ?? header.next.storeIfNil(FamilyHeader(write(), by: writer))
        }
        return header.bytes
    }
}
