// Keys and the groups that they get, without a connection around them.

import Foundation
import Testing

@testable import Traffic

/// Automatic groups of keys whose commands are all answered, or not.
struct KeyTable: ~Copyable {
    private var groups: KeyGroups

    init(capacity: Int = 5_000, patterns: [KeyPattern] = [], seed: UInt64 = 7) {
        groups = KeyGroups(patterns: patterns, capacity: capacity, hasher: Hasher64(seed: seed))
    }

    /// The group of one command's key.
    @discardableResult
    mutating func group(_ key: [UInt8], isAnswered: Bool = true) -> String {
        let handle = groups.settle(groups.group(of: key.span, isWhole: true), isAnswered: isAnswered)
        guard handle != .other, let label = groups.labels[handle.slot] else { return "other" }
        return String(printable: label.name)
    }

    @discardableResult
    mutating func group(_ key: String, isAnswered: Bool = true) -> String {
        group(Array(key.utf8), isAnswered: isAnswered)
    }

    /// All groups that are shown.
    var shown: Set<String> { Set(groups.labels.compactMap { $0 }.map { String(printable: $0.name) }) }
}

/// One row of `Tests/Fixtures/traffic/cases/keys.tsv`.
struct KeyCase: Sendable, CustomTestStringConvertible {
    let kind: String
    let keys: [[UInt8]]
    let group: String

    var testDescription: String { kind }

    static let all: [KeyCase] = {
        let file = Recording.cases.appending(path: "keys.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(KeyCase.init)
    }()

    private init(_ line: Substring) {
        let fields = line.split(separator: "\t").map(String.init)
        (kind, group) = (fields[0], fields[2])
        let some = fields[1].replacing(" (200 more)", with: "").replacing(" (20 x 20)", with: "")
        let isSpaced = kind == "words with spaces"
        let keys = isSpaced ? ["search:john smith", "search:red shoes"] : some.split(separator: " ").map(String.init)
        self.keys = keys.map(Self.unescape)
    }

    /// `\x06` is one byte.
    private static func unescape(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
