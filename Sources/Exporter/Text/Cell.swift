// Figures in the columns of a table: short, with a unit, and nothing for what is not known. `sidelong top` and the
// tables of `sidelong replay` share them.

enum Cell {
    /// Seconds: three digits and a unit; nothing for nil.
    static func time(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite else { return "" }
        switch seconds {
        case ..<1e-3: return "\(digits(seconds * 1e6)) µs"
        case ..<1: return "\(digits(seconds * 1e3)) ms"
        default: return "\(digits(seconds)) s"
        }
    }

    /// A number, above 9,999 with k, M or G; nothing for nil.
    static func count(_ number: Double?) -> String {
        guard let number, number.isFinite else { return "" }
        switch number.magnitude {
        case ..<10: return Figure.short((number * 10).rounded() / 10)
        case ..<9999.5: return "\(Int(number.rounded()))"
        case ..<999_500: return "\(digits(number / 1e3))k"
        case ..<999_500_000: return "\(digits(number / 1e6))M"
        default: return "\(digits(number / 1e9))G"
        }
    }

    /// Bytes in steps of 1,024; nothing for nil.
    static func bytes(_ number: Double?) -> String {
        guard let number, number.isFinite else { return "" }
        var (rest, unit) = (number, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while rest.magnitude >= 999.5 && unit < units.count - 1 { (rest, unit) = (rest / 1024, unit + 1) }
        return "\(unit == 0 ? "\(Int(rest.rounded()))" : digits(rest)) \(units[unit])"
    }

    /// A share of 1 in percent; nothing for nil.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "" }
        return "\(Figure.short((share * 1000).rounded() / 10)) %"
    }

    /// One character per bucket; the fullest is a full block.
    static func bar(_ histogram: [UInt64]) -> String {
        let most = histogram.max() ?? 0
        guard most > 0 else { return "" }
        let blocks = Array("▁▂▃▄▅▆▇█")
        return String(
            histogram.map { count in
                count == 0 ? " " : blocks[Int(Double(count) / Double(most) * Double(blocks.count - 1))]
            })
    }

    private static func digits(_ value: Double) -> String {
        if value >= 100 { return "\(Int(value.rounded()))" }
        let tenths = (value * 10).rounded() / 10
        return "\(tenths)"
    }
}
