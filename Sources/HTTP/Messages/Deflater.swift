// What compresses the parts of a page: ISA-L where the machine has it, and zlib where not.

/// Compresses parts of a page, each on its own. Pages are compressed fast rather than small: one goes over a short way,
/// once.
///
/// Made once and kept. The first part loads ISA-L, which takes two tenths of a millisecond. From then on it holds
/// 170 KiB; zlib's memory, of up to 128 KiB, goes again after each part.
public struct Deflater: ~Copyable {
    private var isal: ISALDeflater?
    private var mayLoad: Bool

    /// - Parameter usesISAL: false leaves ISA-L alone, as on a machine without it.
    public init(usingISAL usesISAL: Bool = true) {
        mayLoad = usesISAL
    }

    /// Whether ISA-L has done the work.
    public var isFast: Bool { isal != nil }

    /// Compresses one part, without looking at any other.
    ///
    /// A part of 90 KiB costs some 70 microseconds with ISA-L and 330 with zlib. Cut into parts of 2 KiB, a page of
    /// metrics comes out at twice the size of the whole page compressed at once. Into parts of 8 KiB, a third larger;
    /// of 32 KiB, a tenth.
    /// - Throws: ``GzipError`` when memory is short, or the part has 4 GiB.
    public mutating func segment(_ bytes: [UInt8]) throws(GzipError) -> GzipSegment {
        if bytes.isEmpty { return GzipSegment(blocks: [], checksum: 0, length: 0) }
        if mayLoad {
            mayLoad = false
            isal = ISALDeflater()
        }
        if let segment = isal?.segment(bytes) { return segment }
        var zlib = try ZlibDeflater(forPartsOf: bytes.count)
        return try zlib.segment(bytes)
    }
}
