// What a format has to say of itself. Most families are a header and then their series, one behind the other; these can
// be patched series by series. A format may write others in several pieces, and writes them anew when they change.

/// How one format is offered and written. What is so in most formats need not be said. A type without state: what
/// several lines share is made per family.
protocol PageEncoder {
    associatedtype Writer: SeriesEncoder

    static var offer: FormatOffer { get }
    static var contentType: String { get }
    /// What has to stand at the end of a page.
    static var ending: [UInt8] { get }
    /// Whether each family stands behind its length.
    static var isDelimited: Bool { get }

    /// What stands above a family's series. It is written once for each descriptor and kept.
    static func header(of descriptor: Descriptor) -> PageBuffer

    /// What writes the series of a family.
    static func writer(of descriptor: Descriptor) -> Writer

    /// Whether the family is its header and then all of its series. It stays so for as long as only values change.
    static func isInOnePiece(_ family: MergedFamily) -> Bool

    /// Writes a family that is not in one piece, whole.
    static func appendPieces(of family: MergedFamily, to buffer: inout PageBuffer)

    /// Writes a series of which these are the bytes with another value, where all but the value can stay.
    ///
    /// - Returns: false when the series has to be written anew, and nothing was written.
    static func append(
        _ value: Sample.Value, inPlaceOfThatOf old: ArraySlice<UInt8>, to buffer: inout PageBuffer
    ) -> Bool
}

/// Writes the series of one family, one by one.
protocol SeriesEncoder {
    mutating func write(_ series: Exposition.Series, to buffer: inout PageBuffer)
}

extension PageEncoder {
    static var ending: [UInt8] { [] }
    static var isDelimited: Bool { false }
    static func isInOnePiece(_ family: MergedFamily) -> Bool { true }
    static func appendPieces(of family: MergedFamily, to buffer: inout PageBuffer) {}

    static func append(
        _ value: Sample.Value, inPlaceOfThatOf old: ArraySlice<UInt8>, to buffer: inout PageBuffer
    ) -> Bool {
        false
    }

    /// The header, written the first time that it is asked for.
    static func keptHeader(of descriptor: Descriptor) -> [UInt8] {
        FamilyHeader.kept(in: descriptor.headers, by: Self.self) { header(of: descriptor).bytes }
    }

    /// - Parameter scratch: memory that is used again and again; its contents do not matter.
    static func written(_ family: MergedFamily, using scratch: inout PageBuffer) -> WrittenFamily {
        scratch.clear()
        guard !family.series.isEmpty else { return WrittenFamily(scratch) }
        guard isInOnePiece(family) else {
            appendPieces(of: family, to: &scratch)
            return WrittenFamily(scratch)
        }
        scratch.append(keptHeader(of: family.descriptor))
        var writer = writer(of: family.descriptor)
        var marks = [Int32(scratch.count)]
        marks.reserveCapacity(family.series.count + 1)
        for series in family.series {
            writer.write(series, to: &scratch)
            marks.append(Int32(scratch.count))
        }
        return WrittenFamily(scratch, marks: marks, isDelimited: isDelimited)
    }

    /// Puts newer series into the places of the older ones.
    ///
    /// - Parameter changes: in the order of the page.
    /// - Returns: false for a family in several pieces, which stays as it was.
    static func patch(
        _ written: inout WrittenFamily, of descriptor: Descriptor, _ changes: [SeriesChange],
        using scratch: inout PageBuffer
    ) -> Bool {
        guard written.isPatchable else { return false }
        var kept: Writer?
        written.patch(changes, using: &scratch) { series, old, buffer in
            if append(series.sample.value, inPlaceOfThatOf: old, to: &buffer) { return }
            var writer = kept.take() ?? writer(of: descriptor)
            writer.write(series, to: &buffer)
            kept = writer
        }
        return true
    }
}
