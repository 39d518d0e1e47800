// The promise: no label shows what identifies one person, session or thing.

import TestKit
import Testing

@testable import Traffic

@Suite struct KeyKindTests {
    /// Everything that is shown is a group that was foreseen, so nothing of what is random is.
    @Test(arguments: KeyKind.all)
    func twentyThousandOfAKindAreAFewGroups(kind: KeyKind) {
        var table = KeyTable()
        var dice = Dice(seed: 99)
        for _ in 0..<20_000 { table.group(kind.make(&dice)) }
        #expect(table.shown.subtracting(kind.groups) == [])
        #expect(1...3 ~= table.shown.count)
    }

    @Test(arguments: KeyCase.all)
    func examplesHaveTheirGroups(example: KeyCase) {
        var table = KeyTable()
        for key in example.keys { table.group(key) }
        switch example.kind {
        case "api key with prefix": #expect(table.shown == ["apikey:*"])
        case "names in the last place, many", "path with a slug":
            let prefix = example.kind.hasPrefix("path") ? "/blog/" : "profile:"
            for number in 0..<200 { table.group(prefix + KeyTests.word(number)) }
            #expect(table.shown.count == 13 && table.shown.contains(prefix + "*"))
        case "tenants in the middle, many":
            for number in 0..<200 { table.group("t:\(KeyTests.word(number)):user:\(number)") }
            #expect(table.shown.count == 31 && table.shown.contains("t:*:user:*"))
        case "two words, few values each":
            table.group("checkout:7")
            for number in 0..<400 {
                table.group("t:\(KeyTests.word(number / 20))-\(KeyTests.word(number % 20)):user:\(number)")
            }
            #expect(table.shown.filter { $0.hasPrefix("t:") }.count <= 100)
            #expect(table.shown.contains("checkout:*"))
        default: #expect(table.shown == Set(example.group.split(separator: " ").map(String.init)))
        }
    }

    @Test func allExamplesAreRead() {
        #expect(KeyCase.all.count == 43)
    }

    /// What a key is called depends on where its digits are and not on which they are, or else the shape of a key could
    /// not stand for its group.
    @Test func digitsAreAlike() {
        var judge = KeyJudge()
        for kind in KeyKind.all {
            var dice = Dice(seed: 5)
            for _ in 0..<200 {
                let key = Array(kind.make(&dice).utf8)
                judge.judge(key.span, isWhole: true)
                guard judge.name.dependsOnLayoutOnly else { continue }
                let (name, kept) = (judge.name.written, judge.name.keptDigits)
                let other = key.enumerated().map { place, byte in
                    let isKept = place < 64 && kept & (1 << UInt64(place)) != 0
                    return Digits.isDigit(byte) && !isKept ? UInt8(ascii: "0") + UInt8(dice.number(0...9)) : byte
                }
                judge.judge(other.span, isWhole: true)
                #expect(judge.name.written == name, "\(String(printable: key)) and \(String(printable: other))")
                #expect(KeyShape.hash(key.span, Hasher64(seed: 1)) == KeyShape.hash(other.span, Hasher64(seed: 1)))
            }
        }
    }
}
