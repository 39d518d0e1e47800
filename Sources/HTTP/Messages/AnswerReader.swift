// An answer as it comes in, from the client's side: RFC 9112, as much of it as a request with "Connection: close"
// needs.

/// Takes bytes until an answer is whole.
struct AnswerReader {
    private var bytes: [UInt8] = []
    private let mostBytes: Int
    private var head: Head?

    private struct Head {
        let status: Int
        let end: Int
        let length: Int?
        let isChunked: Bool
    }

    /// Why it is no answer that can be used.
    enum Problem: Error, Equatable, CustomStringConvertible {
        case notHTTP, tooLong, cutOff

        var description: String {
            switch self {
            case .notHTTP: "this is not an HTTP server"
            case .tooLong: "the answer is too long"
            case .cutOff: "the answer was cut off"
            }
        }
    }

    /// - Parameter mostBytes: of head and body together.
    init(mostBytes: Int) {
        self.mostBytes = mostBytes
    }

    /// Whether nothing has come yet.
    var isEmpty: Bool { bytes.isEmpty }

    /// The status, once its line is there.
    var status: Int? { head?.status }

    /// Takes what has come.
    ///
    /// - Returns: whether the answer is whole; what has no length of its own ends with the connection.
    mutating func take(_ more: [UInt8]) throws(Problem) -> Bool {
        bytes += more
        guard bytes.count <= mostBytes else { throw .tooLong }
        if head == nil { head = try Self.head(in: bytes) }
        guard let head else { return false }
        // The last chunk ends like this, unless fields follow it; then the end of the connection tells.
        if head.isChunked { return bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) && (try? body()) != nil }
        return head.length.map { bytes.count - head.end >= $0 } ?? false
    }

    /// The body, when the answer is whole or the connection has ended.
    func body() throws(Problem) -> [UInt8] {
        guard let head else { throw bytes.isEmpty ? .cutOff : .notHTTP }
        let rest = bytes[head.end...]
        if head.isChunked {
            guard let body = Self.joined(chunks: rest) else { throw .cutOff }
            return body
        }
        guard rest.count >= head.length ?? 0 else { throw .cutOff }
        return Array(rest.prefix(head.length ?? rest.count))
    }

    /// Nil for as long as it is not whole.
    private static func head(in bytes: [UInt8]) throws(Problem) -> Head? {
        guard bytes.starts(with: Array("HTTP/".utf8).prefix(bytes.count)) else { throw .notHTTP }
        guard let end = end(ofHead: bytes) else { return nil }
        let lines = bytes[..<end].split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        let words = (lines.first ?? []).split(separator: UInt8(ascii: " "))
        guard words.count >= 2, let status = Int(String(decoding: words[1], as: UTF8.self)) else { throw .notHTTP }
        let length = value(of: "content-length", in: lines).flatMap { Int($0) }
        return Head(
            status: status, end: end, length: length.map { max(0, $0) },
            isChunked: value(of: "transfer-encoding", in: lines)?.lowercased() == "chunked")
    }

    private static func end(ofHead bytes: [UInt8]) -> Int? {
        let blank = Array("\r\n\r\n".utf8)
        guard bytes.count >= blank.count else { return nil }
        return (0...bytes.count - blank.count).first { bytes[$0..<$0 + blank.count].elementsEqual(blank) }
            .map { $0 + blank.count }
    }

    private static func value(of name: String, in lines: [ArraySlice<UInt8>]) -> String? {
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                String(decoding: line[..<colon], as: UTF8.self).lowercased() == name
            else { continue }
            let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            return String(decoding: value.prefix { $0 > 0x20 }, as: UTF8.self)
        }
        return nil
    }

    /// RFC 9112 section 7.1: each chunk is its length in hexadecimal, a line end, its bytes, a line end; one of length
    /// 0 is the last. Nil for as long as that has not come, and for what is not written so.
    private static func joined(chunks: ArraySlice<UInt8>) -> [UInt8]? {
        var (rest, body) = (chunks, [UInt8]())
        while let line = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let digits = rest[..<line].prefix { $0 > 0x20 && $0 != UInt8(ascii: ";") }
            guard let length = Int(String(decoding: digits, as: UTF8.self), radix: 16), length >= 0 else { return nil }
            if length == 0 { return body }
            rest = rest[(line + 1)...]
            guard length < rest.count - 1 else { return nil }
            body += rest.prefix(length)
            rest = rest.dropFirst(length + 2)
        }
        return nil
    }
}
