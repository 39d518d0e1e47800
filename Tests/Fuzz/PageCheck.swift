// What every page has to be, whatever it was made from: lines as the text formats have them, no series twice,
// histograms that add up, counters that are counts. Written from the formats' own documents, not from the writer.

import Metrics

/// Reads a page line by line and stops the program at the first that may not be there.
struct PageCheck {
    private let format: ExpositionFormat
    private var families: Set<String> = []
    private var series: Set<[UInt8]> = []
    private var family = ""
    private var type = ""
    /// The buckets of the histogram that is being read.
    private var bound = -Double.infinity
    private var total = 0.0
    private var buckets: [UInt8] = []

    /// Writes samples in all formats and reads the pages.
    ///
    /// - Parameter size: bytes that the samples were made from; a page may not be out of all proportion to them.
    static func check(_ samples: Samples, madeFrom size: Int) {
        let exposition = Exposition([.init(samples)])
        for format in ExpositionFormat.allCases {
            let page = exposition.page(in: format)
            require(page.count <= 65536 + 300 * size, "a page of \(page.count) bytes from \(size)")
            if format == .protobuf {
                ProtobufCheck.check(page)
            } else {
                var check = PageCheck(format: format)
                check.read(page)
            }
        }
    }

    private init(format: ExpositionFormat) {
        self.format = format
    }

    private mutating func read(_ page: [UInt8]) {
        guard !page.isEmpty else { return require(format == .text, "an empty page") }
        require(page.last == UInt8(ascii: "\n"))
        let lines = page.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            if format == .openMetrics && number == lines.count - 1 {
                require(line.elementsEqual("# EOF".utf8))
            } else if line.first == UInt8(ascii: "#") {
                readComment(line)
            } else {
                readSample(line)
            }
        }
    }

    /// `# TYPE name counter`, `# HELP name text`, `# UNIT name seconds`.
    private mutating func readComment(_ line: ArraySlice<UInt8>) {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        require(words.count == 4, "a comment of too few words")
        let (keyword, name) = (text(words[1]), text(words[2]))
        require(isName(words[2]), "no name of a family: \(name)")
        if name != family {
            require(families.insert(name).inserted, "the family \(name) stands twice")
            (family, type, series) = (name, "", [])
        }
        switch keyword {
        case "TYPE": type = text(words[3])
        case "UNIT": require(name.hasSuffix("_\(text(words[3]))"), "\(name) does not end in its unit")
        case "HELP": checkEscapes(words[3], quotes: format == .openMetrics)
        default: fatalError("a comment \(keyword)")
        }
    }

    /// `name{label="value"} number`, and ` # {label="value"} number time` in OpenMetrics.
    private mutating func readSample(_ whole: ArraySlice<UInt8>) {
        var line = whole
        if format == .openMetrics, let mark = Self.exemplarMark(in: line) {
            line = line[..<(mark - 1)]
            readExemplar(whole[(mark + 2)...])
        }
        guard let space = line.lastIndex(of: UInt8(ascii: " ")) else { fatalError("no value") }
        let identity = line[..<space]
        let value = number(text(line[(space + 1)...]))
        require(series.insert(Array(identity)).inserted, "\(text(identity)) stands twice")
        let name = identity.prefix { $0 != UInt8(ascii: "{") }
        require(isName(name), "no name: \(text(name))")
        let labels = readLabels(identity[name.endIndex...])
        check(suffix: suffix(of: text(name)), value, labels, identity)
    }

    /// Where a number sign stands that belongs to no label.
    private static func exemplarMark(in line: ArraySlice<UInt8>) -> Int? {
        var (isQuoted, isEscaped) = (false, false)
        for (index, byte) in zip(line.indices, line) {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isQuoted
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "#") where !isQuoted: return index
            default: break
            }
        }
        return nil
    }

    private func readExemplar(_ bytes: ArraySlice<UInt8>) {
        let numbers = bytes.split(separator: UInt8(ascii: " ")).suffix(2)
        require(numbers.count == 2 && number(text(numbers.last ?? [])) >= 0, "no time: \(text(bytes))")
        let labels = readLabels(bytes[..<((numbers.first?.startIndex ?? 0) - 1)])
        let length = labels.reduce(0) { $0 + $1.name.unicodeScalars.count + $1.value.unicodeScalars.count }
        // Signs that stand for others are one character.
        require(labels.count == 1 && length <= 256, "an exemplar of \(length) characters")
        _ = number(text(numbers.first ?? []))
    }

    /// What the name of a sample has more than its family's.
    private func suffix(of name: String) -> String {
        require(name.hasPrefix(family), "\(name) stands below \(family)")
        return String(name.dropFirst(family.count))
    }

    private mutating func check(
        suffix: String, _ value: Double, _ labels: [(name: String, value: String)], _ identity: ArraySlice<UInt8>
    ) {
        switch (type, suffix) {
        case ("counter", format == .openMetrics ? "_total" : ""): require(value >= 0, "a counter of \(value)")
        case ("gauge", ""), ("unknown", ""): break
        case ("info", "_info"): require(value == 1)
        case ("histogram", "_bucket"), ("gaugehistogram", "_bucket"): checkBucket(value, labels.last, identity)
        case ("histogram", "_sum"), ("summary", "_sum"): require(value >= 0, "a sum of \(value)")
        case ("histogram", "_count"): require(bound == .infinity && value == total)
        case ("summary", "_count"): require(value >= 0)
        case ("summary", ""):
            guard let label = labels.last, label.name == "quantile", let quantile = Double(label.value) else {
                fatalError("a quantile that is no number: \(text(identity))")
            }
            require(format == .text || 0...1 ~= quantile)
            require(!(value < 0))
        default: fatalError("\(family)\(suffix) in a family of type \(type)")
        }
    }

    /// Bounds ascend and counts do not fall, up to +Inf.
    private mutating func checkBucket(
        _ value: Double, _ label: (name: String, value: String)?, _ identity: ArraySlice<UInt8>
    ) {
        guard let label, label.name == "le" else { fatalError("a bucket without a bound") }
        let start = Array(identity.dropLast(label.value.utf8.count + 2))
        if start != buckets { (buckets, bound, total) = (start, -.infinity, 0) }
        let next = number(label.value)
        require(next > bound && value >= total, "buckets out of order: \(text(identity))")
        (bound, total) = (next, value)
    }

    /// `{a="1",b="2"}` or nothing.
    private func readLabels(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)] {
        guard !bytes.isEmpty else { return [] }
        require(bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}") && bytes.count > 2)
        var labels: [(name: String, value: String)] = []
        var rest = bytes.dropFirst().dropLast()
        while true {
            let name = rest.prefix { $0 != UInt8(ascii: "=") }
            require(isName(name) && !name.contains(UInt8(ascii: ":")), "no name of a label: \(text(name))")
            rest = rest[name.endIndex...].dropFirst()
            require(rest.popFirst() == UInt8(ascii: "\""))
            let start = rest.startIndex
            while let byte = rest.first, byte != UInt8(ascii: "\"") {
                rest = rest.dropFirst(byte == UInt8(ascii: "\\") ? 2 : 1)
            }
            let value = bytes[start..<rest.startIndex]
            checkEscapes(value, quotes: true)
            require(rest.popFirst() == UInt8(ascii: "\""))
            require(!labels.contains { $0.name == text(name) }, "a label twice")
            labels.append((text(name), text(value)))
            guard let comma = rest.popFirst() else { return labels }
            require(comma == UInt8(ascii: ","))
        }
    }

    private func checkEscapes(_ bytes: ArraySlice<UInt8>, quotes: Bool) {
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                require(!quotes || byte != UInt8(ascii: "\""))
                continue
            }
            let next = rest.popFirst()
            require(next == byte || next == UInt8(ascii: "n") || (quotes && next == UInt8(ascii: "\"")))
        }
    }

    private func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            }
        }
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    private func number(_ text: String) -> Double {
        switch text {
        case "NaN": return .nan
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        default:
            guard let number = Double(text), number.isFinite else { fatalError("no number: \(text)") }
            return number
        }
    }

    private func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

/// Like `precondition`, but with its message also where the code is optimized.
func require(_ condition: Bool, _ message: @autoclosure () -> String = "a line that may not be there") {
    if !condition { fatalError(message()) }
}
