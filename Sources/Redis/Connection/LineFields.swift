// A long list of which little is wanted. CLIENT LIST has a line of 400 bytes for each client, and may have ten thousand
// of them; what is read of a line is a quarter. The rest is dropped as it comes, and never held.

/// Drops from lines of `name=value name=value` what has another name.
struct LineFields {
    /// What is left: lines of the same form.
    private(set) var kept: [UInt8] = []

    private let wanted: [[UInt8]]
    private let longestName: Int
    private var name: [UInt8] = []
    private var place = Place.name

    private enum Place {
        case name
        case unwanted
        case value(count: Int)
    }

    /// Bytes of a value that are kept; one that is longer is shown to be so.
    static let mostValueBytes = 300

    init(_ names: [String]) {
        wanted = names.map { Array("\($0)=".utf8) }
        longestName = wanted.map(\.count).max() ?? 0
    }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes { take(byte) }
    }

    private mutating func take(_ byte: UInt8) {
        if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\n") { kept.append(byte) }
            name.removeAll(keepingCapacity: true)
            place = .name
            return
        }
        switch place {
        case .name:
            name.append(byte)
            if byte == UInt8(ascii: "="), wanted.contains(name) {
                kept.append(UInt8(ascii: " "))
                kept += name
                place = .value(count: 0)
            } else if byte == UInt8(ascii: "=") || name.count >= longestName {
                place = .unwanted
            }
        case .value(let count) where count < Self.mostValueBytes:
            kept.append(byte)
            place = .value(count: count + 1)
        case .value, .unwanted: break
        }
    }
}

/// A reply whose text is cut down to some fields while it comes.
struct ReplyDigest {
    private var lines: LineFields
    /// The first line, `$4000000`.
    private var head: [UInt8] = []
    private var isInHead = true

    /// - Parameters:
    ///   - kind: the reply's first byte; nil is returned where it is no text, such as an error.
    init?(of kind: UInt8, keeping names: [String]) {
        guard kind == UInt8(ascii: "$") else { return nil }
        lines = LineFields(names)
    }

    /// Bytes that are held.
    var size: Int { head.count + lines.kept.count }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        var bytes = bytes
        while isInHead, let byte = bytes.popFirst() {
            head.append(byte)
            isInHead = byte != UInt8(ascii: "\n")
        }
        lines.take(bytes)
    }

    /// What is left of a complete reply. The line end behind it is part of the protocol.
    var reply: RedisReply {
        head.starts(with: "$-".utf8) ? .null : .bulk(Array(lines.kept.dropLast()))
    }
}
