// libmicrohttpd writes the date of its answers by itself; this is for those that are sent without it.

import Glibc

/// A moment as HTTP writes it, RFC 9110 section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
struct HTTPDate: CustomStringConvertible {
    let description: String

    /// - Parameter seconds: since 1970.
    init(_ seconds: Int) {
        var seconds = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = unsafe "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let time = unsafe "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        description = unsafe "\(day) \(1900 + parts.tm_year) \(time) GMT"
    }

    static var now: HTTPDate { HTTPDate(time(nil)) }
}
