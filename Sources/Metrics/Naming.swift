// The rules that names have to keep so that no server, module or configuration file can break the page.

/// Rules for metric and label names (Prometheus data model, "Metric names and labels").
public enum Naming {
    /// Base units that a family name may end in; anything else is not a unit.
    static let units = ["seconds", "bytes", "ratio", "celsius", "volts", "joules", "meters"]

    /// The same name with every byte outside `[a-zA-Z0-9_]` replaced by `_`, and `_` before a leading digit.
    ///
    /// Costs one pass and no allocation when the name is already safe. An empty name becomes `_`.
    public static func safeName(_ name: String) -> String {
        guard let first = name.utf8.first else { return "_" }
        if !isDigit(first) && hasNameBytesOnly(name.utf8.span) { return name }
        let body = name.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "_") }
        return (isDigit(first) ? "_" : "") + String(decoding: body, as: UTF8.self)
    }

    /// The unit in which a family is measured, read from its name without `_total`; nil when it carries none.
    static func unit(ofFamily name: String) -> String? {
        units.first { name.hasSuffix("_" + $0) }
    }

    private static func hasNameBytesOnly(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where !isNameByte(bytes[index]) { return false }
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
