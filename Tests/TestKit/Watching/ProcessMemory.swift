public import Foundation

/// A process' memory, read as a debugger reads it.
public enum ProcessMemory {
    /// All regions that a core file would have: readable, and not marked to be left out (proc(5), `dd` in VmFlags).
    public static func dumped(of identifier: Int32) throws -> [Data] {
        let maps = try String(contentsOfFile: "/proc/\(identifier)/smaps", encoding: .utf8)
        let memory = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(identifier)/mem"))
        var regions: [Data] = []
        var region: (start: UInt64, end: UInt64)?
        for line in maps.split(separator: "\n") {
            let words = line.split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            if ends.count == 2, words.count > 1 {
                region =
                    words[1].hasPrefix("r") && !line.hasSuffix("]") || line.hasSuffix("[heap]")
                        || line.hasSuffix("[stack]") || line.contains("socket:") ? (ends[0], ends[1]) : nil
            } else if words[0] == "VmFlags:", let found = region, !words.contains("dd") {
                try memory.seek(toOffset: found.start)
                if let data = try memory.read(upToCount: Int(found.end - found.start)) { regions.append(data) }
            }
        }
        return regions
    }
}
