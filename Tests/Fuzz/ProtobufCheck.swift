// What every protobuf page has to be: whole messages with the fields that Prometheus reads and no others, no series
// twice, histograms of which both kinds of buckets have every observation. Written from the messages, not from the
// writer.

/// Reads a protobuf page and stops the program at the first thing that may not be there.
struct ProtobufCheck {
    private var families: Set<String> = []
    private var series: Set<String> = []

    static func check(_ page: [UInt8]) {
        var check = ProtobufCheck()
        var rest = page[...]
        while !rest.isEmpty { check.family(Fields(take(&rest, varint(&rest)))) }
    }

    private mutating func family(_ fields: Fields) {
        fields.only([1, 2, 3, 4, 5])
        let name = fields.text(1)
        require(fields[2].count == 1 && fields[5].count <= 1)
        // Prometheus does not expect classic histograms behind native ones.
        let natives = fields[4].count { metric in
            Fields(metric)[7].contains { !Fields($0)[5].isEmpty }
        }
        require(natives == 0 || natives == fields[4].count, "both kinds of histograms in one message: \(name)")
        let identity = name + (natives > 0 ? " native" : "")
        require(!name.isEmpty && families.insert(identity).inserted, "the family \(name) has no name or stands twice")
        let type = fields.integer(3)
        require(type <= 5, "no type: \(type)")
        require(!fields[4].isEmpty, "a family without series: \(name)")
        for metric in fields[4] { self.metric(Fields(metric), name, type) }
    }

    private mutating func metric(_ fields: Fields, _ family: String, _ type: UInt64) {
        // The fields of Counter, Gauge, Summary, Untyped and Histogram of both kinds, in the order of the types.
        let place = [3, 2, 4, 5, 7, 7][Int(type)]
        fields.only([1, place])
        var labels: [String: String] = [:]
        for pair in fields[1].map(Fields.init) {
            pair.only([1, 2])
            require(!pair.text(2).isEmpty, "a label without a value")
            require(labels.updateValue(pair.text(2), forKey: pair.text(1)) == nil, "a label twice")
        }
        require(series.insert("\(family) \(labels.sorted { $0.key < $1.key })").inserted, "a series twice: \(family)")
        require(fields[place].count == 1)
        let value = Fields(fields[place][0])
        switch type {
        case 0:
            value.only([1, 3])
            require(value.double(1) >= 0)
        case 2:
            value.only([1, 2, 3, 4])
            require(!value[3].isEmpty, "a summary without quantiles")
        case 4: histogram(value)
        case 5:
            value.only([1, 2, 3])
            histogram(value)
        default: value.only([1])
        }
    }

    private func histogram(_ value: Fields) {
        value.only([1, 2, 3, 5, 6, 7, 12, 13, 15])
        let count = value.integer(1)
        var (total, bound): (UInt64, Double) = (0, -.infinity)
        for bucket in value[3].map(Fields.init) {
            bucket.only([1, 2, 3])
            require(bucket.double(2) > bound && bucket.integer(1) >= total, "buckets out of order")
            (bound, total) = (bucket.double(2), bucket.integer(1))
            for exemplar in bucket[3].map(Fields.init) { exemplar.only([1, 2, 3]) }
        }
        require(bound == .infinity && total == count, "the last bucket has not every observation")
        guard !value[5].isEmpty else { return require(value[6].isEmpty && value[12].isEmpty && value[13].isEmpty) }
        native(value, count)
    }

    private func native(_ value: Fields, _ count: UInt64) {
        let schema = signed(value.integer(5))
        require(-4...8 ~= schema && value.double(6) > 0)
        var length: UInt64 = 0
        for (place, span) in value[12].map(Fields.init).enumerated() {
            span.only([1, 2])
            require(span.integer(2) > 0 && (place == 0 || signed(span.integer(1)) > 0), "an odd span")
            length += span.integer(2)
        }
        require(length == value[13].count && length <= 160, "\(length) buckets in spans, \(value[13].count) deltas")
        var (bucket, total) = (Int64(0), value.integer(7))
        for var delta in value[13] {
            bucket += signed(varint(&delta))
            require(bucket >= 0)
            total += UInt64(bucket)
        }
        require(total == count, "\(total) in native buckets, \(count) observed")
    }

    private func signed(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
}

/// The fields of one message, in their order.
private struct Fields {
    private var values: [Int: [ArraySlice<UInt8>]] = [:]

    init(_ message: ArraySlice<UInt8>) {
        var rest = message
        while !rest.isEmpty {
            let key = varint(&rest)
            let start = rest
            switch key & 7 {
            case 0: _ = varint(&rest)
            case 1: _ = take(&rest, 8)
            case 2:
                values[Int(key >> 3), default: []].append(take(&rest, varint(&rest)))
                continue
            default: fatalError("a type of wire that no field has: \(key & 7)")
            }
            values[Int(key >> 3), default: []].append(start[..<rest.startIndex])
        }
    }

    subscript(field: Int) -> [ArraySlice<UInt8>] { values[field] ?? [] }

    func only(_ known: Set<Int>) {
        require(known.isSuperset(of: values.keys), "fields that do not belong here: \(values.keys)")
    }

    func integer(_ field: Int) -> UInt64 {
        guard var bytes = self[field].first, self[field].count == 1 else {
            fatalError("the field \(field) is not there")
        }
        return varint(&bytes)
    }

    func double(_ field: Int) -> Double {
        let bytes = self[field].first ?? []
        require(bytes.count == 8 && self[field].count == 1, "the field \(field) is not there")
        return Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    func text(_ field: Int) -> String {
        guard let text = String(validating: self[field].first ?? [], as: UTF8.self) else { fatalError("no UTF-8") }
        return text
    }
}

private func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let byte = bytes.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
    }
    fatalError("the page ends within a number")
}

private func take(_ bytes: inout ArraySlice<UInt8>, _ count: UInt64) -> ArraySlice<UInt8> {
    require(count <= UInt64(bytes.count), "the page ends within a message")
    defer { bytes = bytes.dropFirst(Int(count)) }
    return bytes.prefix(Int(count))
}
