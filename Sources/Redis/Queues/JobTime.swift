// When a job was queued, as the systems write it: seconds, milliseconds, or a date in a text.

import Metrics

/// A time of day in seconds since 1970.
enum JobTime {
    /// Reads a number or an ISO 8601 text in UTC; nil for anything else, and for what is no time of a job.
    static func seconds(_ bytes: [UInt8]) -> Double? {
        let text = String(decoding: bytes.prefix(64), as: UTF8.self)
        guard let number = Double(text) else { return date(text) }
        // Sidekiq 8 and BullMQ write milliseconds, older ones seconds.
        let seconds = number >= 1e11 ? number / 1000 : number
        return 1e9..<1e11 ~= seconds ? seconds : nil
    }

    /// `2026-11-28T23:19:13.123456Z`, also with a blank for the T and without the Z.
    private static func date(_ text: String) -> Double? {
        let fields = text.split(whereSeparator: { "-T :Z".contains($0) })
        guard fields.count >= 6, let year = Int(fields[0]), let month = Int(fields[1]), let day = Int(fields[2]),
            let hour = Int(fields[3]), let minute = Int(fields[4]), let second = Double(fields[5]),
            2000..<3000 ~= year, 1...12 ~= month, 1...31 ~= day, 0..<24 ~= hour, 0..<60 ~= minute, 0..<61 ~= second
        else { return nil }
        let days = GregorianCalendar.days(year: year, month: month, day: day)
        return Double(days * 86_400 + hour * 3600 + minute * 60) + second
    }

    /// The value of a field of a JSON object, without looking into what it nests: arguments of jobs are the users'.
    static func field(_ name: String, of json: [UInt8]) -> [UInt8]? {
        var depth = 0
        var position = 0
        var isWanted = false
        while position < json.count {
            switch json[position] {
            case UInt8(ascii: "\""):
                let end = endOfString(json, position)
                let text = json[min(position + 1, end)..<end]
                if isWanted { return Array(text) }
                var next = end + 1
                while next < json.count, json[next] == UInt8(ascii: " ") { next += 1 }
                if depth == 1, next < json.count, json[next] == UInt8(ascii: ":") {
                    isWanted = text.elementsEqual(name.utf8)
                    next += 1
                }
                position = next
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if isWanted { return nil }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard isWanted else { break }
                return Array(json[position...].prefix { UInt8(ascii: ".")...UInt8(ascii: "9") ~= $0 })
            case UInt8(ascii: ","): isWanted = false
            default: break
            }
            position += 1
        }
        return nil
    }

    /// Where the quotation mark stands that ends a string.
    private static func endOfString(_ json: [UInt8], _ start: Int) -> Int {
        var position = start + 1
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            position += json[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position, json.count)
    }
}
