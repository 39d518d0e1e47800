// Names of header fields, which each client writes in a case of its own. Compared as they are: a copy in lower case for
// each field of each request is a good part of what a scrape takes.

/// Whether two names are those of one field (RFC 9110 section 5.1).
func isSameField(_ name: String, _ other: String) -> Bool {
    name.utf8.count == other.utf8.count && zip(name.utf8, other.utf8).allSatisfy { lowerCase($0) == lowerCase($1) }
}

private func lowerCase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
