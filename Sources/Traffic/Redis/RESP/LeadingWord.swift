// The first word of an error says what went wrong, the first element of a push what it is. Nothing else of a reply's
// text is kept.

/// Gathers the first word of a text, byte by byte.
struct LeadingWord: Sendable {
    private(set) var word = ShortWord()
    /// The bytes of the text that have passed.
    private(set) var passed = 0
    private var isOver = false

    /// Whether no further byte can belong to the word.
    var isComplete: Bool { isOver || passed >= ShortWord.capacity }

    /// Takes the text's next byte.
    @inline(__always)
    mutating func take(_ byte: UInt8) {
        if byte == 0x20 {
            isOver = true
        } else if !isOver {
            word.set(byte, at: passed)
        }
        passed &+= 1
    }

    /// Ends the word: what follows was not captured.
    mutating func stop() {
        isOver = true
    }
}
