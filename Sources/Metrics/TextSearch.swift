// Looking for words in a text, such as the message of a server that tells some of its errors apart by nothing else. The
// library's own search would link its whole engine of regular expressions, 1.3 MB.

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Where the words stand first, byte for byte.
    public func firstRange(ofText words: String) -> Range<Int>? {
        let words = Array(words.utf8)
        return offset(of: words, in: Array(self).span).map { startIndex + $0..<startIndex + $0 + words.count }
    }
}

/// For spans alone, since the library's own functions are slow where they do not know of what they are.
private func offset(of words: [UInt8], in text: Span<UInt8>) -> Int? {
    guard text.count >= words.count else { return nil }
    return (0...(text.count - words.count)).first { start in
        words.indices.allSatisfy { text[start + $0] == words[$0] }
    }
}

extension String {
    /// Whether the words stand anywhere in this text, byte for byte.
    public func mentions(_ words: String) -> Bool {
        Array(utf8).firstRange(ofText: words) != nil
    }

    /// This text with `***` wherever the secret stands in it, for what another has said that knows the secret.
    ///
    /// - Parameter secret: nil or empty where there is none.
    public func hiding(_ secret: String?) -> String {
        guard let secret, !secret.isEmpty else { return self }
        var (rest, shown) = (Array(utf8)[...], [UInt8]())
        while let range = rest.firstRange(ofText: secret) {
            shown += rest[..<range.lowerBound] + Array("***".utf8)
            rest = rest[range.upperBound...]
        }
        return String(decoding: shown + rest, as: UTF8.self)
    }
}
