// Wall-clock time: only for people and for *_timestamp_seconds. Whatever is measured uses the monotonic clock.

import Glibc
import System

/// A moment in Unix time, as good as the machine's clock.
struct Timestamp: Sendable, Equatable {
    /// Seconds since 1970, UTC.
    let seconds: Double

    static var now: Timestamp {
        let (seconds, nanoseconds) = WallClock.now
        return Timestamp(seconds: Double(seconds) + Double(nanoseconds) * 1e-9)
    }

    /// Date and time in UTC with milliseconds, such as `2024-11-20T08:15:30.123Z` (RFC 3339).
    var rfc3339: String {
        let whole = seconds.rounded(.down)
        var time = time_t(whole)
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { Self.padded(Int($0), 2) }
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Self.padded(Int($0), 2) }
        let milliseconds = Self.padded(Int((seconds - whole) * 1000), 3)
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + ".\(milliseconds)Z"
    }

    /// The time of day in UTC, such as `08:15:30Z`.
    var clock: String { rfc3339.dropFirst(11).prefix(8) + "Z" }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
