// The text format of Prometheus, version 0.0.4, as it comes from a server that may be anything.

/// Reads pages of metrics.
enum PageText {
    /// Why a text is no page: the first line that makes no sense.
    struct Problem: Error, Equatable, CustomStringConvertible {
        /// From 1.
        let line: Int

        var description: String { "this is no page of metrics: line \(line) has no name and value" }
    }

    /// All series of the page. Comments, types and timestamps are passed over. Costs one pass over the bytes.
    ///
    /// - Throws: for a line that is neither a comment nor a series; half of a page would give wrong sums.
    static func read(_ bytes: [UInt8]) throws(Problem) -> SeriesPage {
        var page = SeriesPage()
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var rest = line[...]
            rest.skipBlanks()
            guard let first = rest.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "\r") else { continue }
            guard let (name, series) = read(&rest) else { throw Problem(line: number) }
            page.add(name, series)
        }
        return page
    }

    private static func read(_ rest: inout ArraySlice<UInt8>) -> (name: String, Series)? {
        let name = rest.takeName()
        guard !name.isEmpty else { return nil }
        rest.skipBlanks()
        var labels: Labels = [:]
        if rest.first == UInt8(ascii: "{") {
            rest.removeFirst()
            guard let found = readLabels(&rest) else { return nil }
            labels = found
        }
        rest.skipBlanks()
        let word = rest.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r") }
        guard let value = Double(String(decoding: word, as: UTF8.self)) else { return nil }
        return (name, Series(labels: labels, value: value))
    }

    /// What stands between the braces, the closing one included; nil where that is not how it is written.
    private static func readLabels(_ rest: inout ArraySlice<UInt8>) -> Labels? {
        var labels: Labels = [:]
        while true {
            rest.skipBlanks()
            if rest.first == UInt8(ascii: "}") {
                rest.removeFirst()
                return labels
            }
            let name = rest.takeName()
            rest.skipBlanks()
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
            rest.skipBlanks()
            guard rest.popFirst() == UInt8(ascii: "\""), let value = rest.takeQuoted() else { return nil }
            labels[name] = value
            rest.skipBlanks()
            if rest.first == UInt8(ascii: ",") { rest.removeFirst() }
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func skipBlanks() {
        self = drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    fileprivate mutating func takeName() -> String {
        let name = prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        self = dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    /// The text up to the next quotation mark, which is taken as well; nil where there is none.
    fileprivate mutating func takeQuoted() -> String? {
        var text: [UInt8] = []
        while let byte = popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = popFirst() else { return nil }
                text.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
            default: text.append(byte)
            }
        }
        return nil
    }
}
