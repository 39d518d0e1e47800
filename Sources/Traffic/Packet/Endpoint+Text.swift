// Redis prints a client's end as `addr=127.0.0.1:50412` or `addr=[::1]:50412` (CLIENT LIST).

import Metrics

extension Endpoint {
    /// Reads `a.b.c.d:port`, `[v6]:port` or `v6:port` as CLIENT LIST writes them; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == "[" && host.last == "]" { host = host.dropFirst().dropLast() }
        guard let address = Address(host) else { return nil }
        self.init(address: address, port: port)
    }
}

extension Address {
    /// Reads an IPv4 or IPv6 address without a zone; nil for anything else.
    public init?(_ text: Substring) {
        if !text.contains(":") {
            guard let number = Self.ipv4(text) else { return nil }
            self.init(ipv4: number)
        } else {
            guard let groups = Self.ipv6(text) else { return nil }
            self.init(high: Self.join(groups[..<4]), low: Self.join(groups[4...]))
        }
    }

    private static func join(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var result: UInt32 = 0
        for part in parts {
            guard part.utf8.allSatisfy({ $0 &- 48 < 10 }), let byte = UInt8(part) else { return nil }
            result = result << 8 | UInt32(byte)
        }
        return result
    }

    /// Eight groups, `::` filled in and a dotted tail (RFC 4291 section 2.2) turned into two groups.
    private static func ipv6(_ text: Substring) -> [UInt16]? {
        let halves = String(text).splitOnce("::")
        guard var front = groups(halves.0) else { return nil }
        guard let rear = halves.1 else { return front.count == 8 ? front : nil }
        guard let back = groups(rear), front.count + back.count < 8 else { return nil }
        front += Array(repeating: 0, count: 8 - front.count - back.count)
        return front + back
    }

    private static func groups(_ text: String) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if part.contains("."), let dotted = ipv4(part) {
                result += [UInt16(dotted >> 16), UInt16(truncatingIfNeeded: dotted)]
            } else {
                guard part.count <= 4, part.first != "+", let group = UInt16(part, radix: 16) else { return nil }
                result.append(group)
            }
        }
        return result
    }
}

extension String {
    /// What stands before and after the first `separator`; nothing after when it does not occur.
    fileprivate func splitOnce(_ separator: String) -> (String, String?) {
        let bytes = Array(utf8)
        guard let range = bytes.firstRange(ofText: separator) else { return (self, nil) }
        return (
            String(decoding: bytes[..<range.lowerBound], as: UTF8.self),
            String(decoding: bytes[range.upperBound...], as: UTF8.self)
        )
    }
}
