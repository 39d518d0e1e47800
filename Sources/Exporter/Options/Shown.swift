// A refusal names what it refuses. But a connection string in the wrong place, or a piece of one that a shell has cut
// off, is a password on standard error. So what looks like holding one is not repeated.

import Metrics

/// What may be shown of a text that somebody has given.
enum Shown {
    /// Stands for what is not shown.
    static let ellipsis = "…"

    /// A value as a refusal may repeat it.
    ///
    /// - Returns: the text; or its beginning up to an equals sign; or nothing of it, where it has the form of an
    ///   address with credentials, of a line of `.pgpass`, of a token or of a digest.
    static func value(_ text: String) -> String {
        if text.utf8.contains(UInt8(ascii: "@")) { return ellipsis }
        if let equals = text.firstIndex(of: "=") { return value(String(text[..<equals])) + "=\(ellipsis)" }
        return hasCredentials(text) || hasToken(text) ? ellipsis : text
    }

    /// The name of a flag or a key.
    static func name(_ text: String) -> String {
        let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
        return isName && text.utf8.count <= 64 && !hasToken(text) ? text : ellipsis
    }

    /// Why a file cannot be read, which begins with the file's path.
    static func problem(_ error: some Error, of path: String) -> String {
        let text = "\(error)"
        return text.hasPrefix(path) ? value(path) + text.dropFirst(path.count) : text
    }

    /// A colon behind `://` that begins no port, or the four of `host:port:database:user:password`.
    private static func hasCredentials(_ text: String) -> Bool {
        let colons = text.filter { $0 == ":" }.count
        guard let scheme = Array(text.utf8).firstRange(ofText: "://") else {
            return colons >= 4 && !text.hasPrefix("[") && !text.allSatisfy { $0 == ":" || $0.isHexDigit }
        }
        let rest = text.utf8.dropFirst(scheme.upperBound)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest.first != UInt8(ascii: "[") else { return false }
        let port = rest[rest.index(after: colon)...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        return port.isEmpty || !port.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// More letters and digits in a row than a name has.
    private static func hasToken(_ text: String) -> Bool {
        text.split { !($0.isLetter || $0.isNumber) }.contains { $0.utf8.count >= 32 }
    }
}
