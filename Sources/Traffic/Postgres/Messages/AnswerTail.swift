// Where the beginning of an answer is missing, its end may still be there: a packet that ends in ReadyForQuery, and
// before that what ended the statement.

/// The end of an answer, read from behind.
enum AnswerTail {
    /// What stands before ReadyForQuery.
    enum Ending {
        case complete(CommandTag)
        case error(ErrorFields)
    }

    /// How far back an error may begin.
    private static let longestError = 512

    /// Bytes of a ReadyForQuery.
    private static var length: Int { 6 }

    /// The status in the ReadyForQuery that a packet ends with; nil when it does not.
    static func status(_ bytes: Span<UInt8>) -> UInt8? {
        let begin = bytes.count - length
        guard begin >= 0, bytes[begin] == UInt8(ascii: "Z"), bytes.long(at: begin + 1) == 5 else { return nil }
        switch bytes[begin + 5] {
        case UInt8(ascii: "I"), UInt8(ascii: "T"), UInt8(ascii: "E"): return bytes[begin + 5]
        default: return nil
        }
    }

    /// What ended the statement; nil when that cannot be found, or when there is another ReadyForQuery before it.
    static func ending(_ bytes: Span<UInt8>) -> Ending? {
        let end = bytes.count - length
        var begin = end - MessageReader.headerLength
        while begin >= 0, end - begin <= longestError {
            let type = bytes[begin]
            if type == UInt8(ascii: "C") || type == UInt8(ascii: "E"),
                Int(bytes.long(at: begin + 1)) + 1 == end - begin
            {
                let body = bytes.extracting(begin + MessageReader.headerLength..<end)
                guard body.count > 0, body[body.count - 1] == 0 else { return nil }
                return type == UInt8(ascii: "C") ? .complete(CommandTag(body)) : .error(ErrorFields(body))
            }
            begin -= 1
        }
        return nil
    }
}
