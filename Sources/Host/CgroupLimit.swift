// Limits of a cgroup, and the ways in which the two versions say that there is none.

/// A limit in bytes or cores, or that there is none.
enum CgroupLimit: Sendable, Equatable {
    case limited(Double)
    case unlimited

    /// Nil when unlimited, so that the family is absent.
    var value: Double? {
        switch self {
        case .limited(let value): value
        case .unlimited: nil
        }
    }

    /// The tighter of two limits.
    func tightened(by other: CgroupLimit) -> CgroupLimit {
        switch (self, other) {
        case (.limited(let own), .limited(let above)): .limited(min(own, above))
        case (.limited, .unlimited): self
        case (.unlimited, _): other
        }
    }

    /// Bytes of memory.max or memory.limit_in_bytes.
    ///
    /// Version 2 says `max` for none, version 1 the largest number of whole pages, just below 2^63.
    init?(memory text: Text) {
        guard let line = text.line else { return nil }
        if line.equals("max") {
            self = .unlimited
        } else if let bytes = line.number {
            self = bytes < 1 << 62 ? .limited(Double(bytes)) : .unlimited
        } else {
            return nil
        }
    }

    /// Cores of cpu.max: `50000 100000` is a quota and its period in microseconds, `max 100000` no limit.
    init?(cpuMax text: Text) {
        guard var words = text.line?.words, let quota = words.next(), let period = words.nextNumber() else {
            return nil
        }
        self.init(quota: quota, none: "max", period: period)
    }

    /// Cores of cpu.cfs_quota_us, -1 for no limit, with the period of cpu.cfs_period_us, both in microseconds.
    init?(quota text: Text, period: UInt64) {
        guard let quota = text.line else { return nil }
        self.init(quota: quota, none: "-1", period: period)
    }

    private init?(quota: Text, none: String, period: UInt64) {
        if quota.equals(none) {
            self = .unlimited
        } else if let quota = quota.number, period > 0 {
            self = .limited(Double(quota) / Double(period))
        } else {
            return nil
        }
    }
}
