// The kinds of values that only the measurement of traffic takes.

import Capture
import Metrics
import Traffic

/// `--wire.interfaces`.
enum WireInterfaces: Sendable, Equatable {
    case off
    case captured(LiveCapture.Interfaces)
}

extension ValueKind where Value == WireInterfaces {
    static let wireInterfaces = one("off, auto or a comma list of interface names") { text in
        switch text {
        case "off": return .off
        case "auto": return .captured(.all)
        default:
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
            return names.allSatisfy(isInterfaceName) ? .captured(.named(names)) : nil
        }
    }

    /// What the kernel takes as a name: up to 15 bytes without a slash or a blank.
    private static func isInterfaceName(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count) && !["off", "auto", ".", ".."].contains(name)
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}

/// `--wire.postgres-ports`.
enum WirePorts: Sendable, Equatable {
    case off
    /// Those of the servers that are watched.
    case automatic
    case ports([UInt16])
}

extension ValueKind where Value == WirePorts {
    static let wirePorts = one("off, auto or a comma list of ports from 1 to 65535") { text in
        switch text {
        case "off": return .off
        case "auto": return .automatic
        default:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let ports = parts.compactMap { UInt16($0.trimmed) }.filter { $0 > 0 }
            return ports.count == parts.count ? .ports(ports) : nil
        }
    }
}

extension ValueKind where Value == UInt16 {
    static let port = one("a port from 1 to 65535") { text in UInt16(text).flatMap { $0 > 0 ? $0 : nil } }
}

extension ValueKind where Value == Int {
    /// A number of bytes, with or without one of the units KiB, MiB, GiB.
    static func size(from smallest: String, to largest: String) -> ValueKind {
        one("a size from \(smallest) to \(largest)") { text in
            guard let value = bytes(text), let low = bytes(smallest), let high = bytes(largest) else { return nil }
            return low <= value && value <= high ? value : nil
        }
    }

    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let amount = Int(digits), amount <= 1 << 40 else { return nil }
        switch text.dropFirst(digits.count) {
        case "": return amount
        case "KiB": return amount << 10
        case "MiB": return amount << 20
        case "GiB": return amount << 30
        default: return nil
        }
    }
}

extension ValueKind where Value == String {
    /// A key pattern, checked here and kept as written.
    static let keyPattern = one("pattern or pattern=name, where * and {name} are placeholders") { text in
        _ = try KeyPattern(text)
        return text
    }

    /// A pattern of paths, checked here and kept as written.
    static let pathPattern = one("a path or path=name, where * and {name} are placeholders") { text in
        _ = try KeyPattern(path: text)
        return text
    }

    /// The name of a header field (RFC 9110 section 5.1).
    static let fieldName = one("names of header fields, as a comma list") { text in
        let isName = text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
        }
        return isName && (1...64).contains(text.utf8.count) ? text.lowercased() : nil
    }
}

extension ValueKind where Value == Buckets {
    /// Upper bounds in seconds. They are recorded in nanoseconds, so none may be finer than that.
    static let buckets = one("up to 60 ascending numbers of seconds, from 0.000001 to 3600, as a comma list") { text in
        let bounds = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.trimmed) ?? .nan }
        let isAscending = zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
        guard (1...60).contains(bounds.count), isAscending, bounds.allSatisfy((1e-6...3600).contains) else {
            return nil
        }
        return Buckets.seconds(bounds)
    }
}
