// Any patterns and any keys: groups stay within their cap, no key is lost count of, a group that was shown stays while
// there are slots, and no label has what no word has.

@testable import Traffic

func fuzzKeys(_ input: inout FuzzInput) {
    var settings = TrafficSettings()
    settings.seed = UInt64(input.byte())
    settings.redis.maxGroups = Int(input.byte()) % 6
    settings.redis.hotKeys = Int(input.byte()) % 3
    let lines = input.rest().split(separator: 0x0A, omittingEmptySubsequences: false)
    var keys = lines[...]
    while let line = keys.first, line.contains(UInt8(ascii: "=")) {
        keys = keys.dropFirst()
        if let pattern = try? KeyPattern(String(decoding: line, as: UTF8.self)) {
            settings.redis.patterns.append(pattern)
        }
    }
    var books = RedisBooks(settings)
    for (number, key) in keys.enumerated() {
        Array(key).inExactMemory { bytes in
            for pattern in settings.redis.patterns {
                guard let project = pattern.match(bytes) else { continue }
                precondition(project.lowerBound >= 0 && project.upperBound <= bytes.count)
            }
            let isWhole = number % 7 != 6
            let handle = books.group(of: bytes, length: bytes.count + (isWhole ? 0 : 600))
            let group = books.keys.settle(handle, isAnswered: number % 5 != 4)
            precondition(group == .other || group.slot < settings.redis.maxGroups)
            let slot = group == .other ? books.counts.otherGroup : group.slot
            books.counts.groups[slot].exchanged(1, 0)
        }
        if number % 50 == 49 { books.turnMinute() }
        if number % 90 == 89 { books.age() }
    }
    precondition(books.counts.groups.reduce(0) { $0 + $1.requestBytes } == UInt64(keys.count))
    for case let label? in books.keys.labels {
        precondition(label.name.count <= NameTemplate.longest)
        if label.isAutomatic { check(label.name) }
    }
}

/// Stops at a name with a byte that no word has, a word that is too long, or digits that are no version.
private func check(_ name: [UInt8]) {
    let kinds = ByteKinds()
    precondition(name.allSatisfy { kinds[$0] != .noise })
    precondition(String(validating: name, as: UTF8.self) != nil)
    for piece in name.split(whereSeparator: { kinds[$0] == .strong }) {
        precondition(piece.count <= 41)
        let digits = piece.split(whereSeparator: { !Digits.isDigit($0) })
        precondition(digits.allSatisfy { $0.count <= 2 })
    }
}
