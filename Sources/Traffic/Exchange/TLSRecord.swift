// What is encrypted cannot be read. It is told by its first bytes, so that it is counted as what it is.

/// The beginning of a TLS record (RFC 8446 section 5.1).
enum TLSRecord {
    private static let types: ClosedRange<UInt8> = 0x14...0x17
    private static let largest = 1 << 14 + 256
    private static let headerLength = 5

    /// Whether the first bytes of a connection, or of a packet of one that was joined in the middle, are a record's.
    static func begins(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= headerLength, types.contains(bytes[0]), bytes[1] == 3, bytes[2] <= 4 else { return false }
        return 1...largest ~= Int(bytes[3]) << 8 | Int(bytes[4])
    }
}
