// What /proc/PID tells every user of the machine about a process. The decoders of its files.

/// /proc/PID/stat, from proc_pid_stat(5).
struct ProcessStat: Sendable, Equatable {
    /// User and system time, in clock ticks.
    let cpuTicks: UInt64
    let threads: UInt64
    /// When the process began, in clock ticks after the machine did. With the process id it names a process for good.
    let startTicks: UInt64
    let virtualBytes: UInt64
    let residentPages: UInt64
    /// Whether the process has ended and only waits for its parent to notice; its figures mean nothing then.
    let isZombie: Bool

    /// Decodes `7062 (cat) R 7054 …`.
    ///
    /// The name between the parentheses is free text and may hold parentheses and blanks, so the fields are counted
    /// from the last `)`. Returns nil when one of them is missing or no number.
    init?(_ text: Text) {
        guard var words = text.split(atLast: UInt8(ascii: ")"))?.after.line?.words else { return nil }
        guard let state = words.next() else { return nil }
        words.skip(10)
        guard let user = words.nextNumber(), let system = words.nextNumber() else { return nil }
        words.skip(4)
        guard let threads = words.nextNumber() else { return nil }
        words.skip(1)
        guard let start = words.nextNumber(), let size = words.nextNumber(), let resident = words.nextNumber() else {
            return nil
        }
        cpuTicks = user &+ system
        self.threads = threads
        startTicks = start
        virtualBytes = size
        residentPages = resident
        isZombie = state.equals("Z") || state.equals("X")
    }
}

/// /proc/PID/limits, from proc_pid_limits(5): the soft limits, which are those that hold.
struct ProcessLimits: Sendable, Equatable {
    let openFiles: UInt64?
    let addressSpace: UInt64?

    /// Decodes `Max open files            20000                20000                files`.
    ///
    /// `unlimited` is the largest number, as client_golang shows it. Returns nil when a limit is neither.
    init?(_ text: Text) {
        var limits: [UInt64?] = [nil, nil]
        for line in text.lines {
            guard let index = Self.names.firstIndex(where: line.hasPrefix) else { continue }
            let columns = Text(line.bytes.dropFirst(Self.names[index].utf8.count))
            guard let soft = columns.words.first else { return nil }
            limits[index] = soft.equals("unlimited") ? .max : soft.number
            if limits[index] == nil { return nil }
        }
        (openFiles, addressSpace) = (limits[0], limits[1])
    }

    private static let names = ["Max open files ", "Max address space "]
}

/// Single figures of other files of procfs.
enum ProcessFigures {
    /// Resident pages, the second number of /proc/PID/statm; nil when it is missing.
    static func residentPages(in statm: Text) -> UInt64? {
        guard var words = statm.line?.words else { return nil }
        words.skip(1)
        return words.nextNumber()
    }

    /// When the machine began, in seconds since 1970: line `btime` of /proc/stat.
    static func bootTime(in stat: Text) -> UInt64? {
        for line in stat.lines where line.hasPrefix("btime ") {
            var words = line.words
            words.skip(1)
            return words.nextNumber()
        }
        return nil
    }
}
