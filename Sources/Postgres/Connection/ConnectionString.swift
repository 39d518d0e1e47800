// Where a Postgres or PgBouncer is and who we are there: libpq's own connection strings, as users of psql know them.
// A connection string often holds a password, so nothing here ever shows more of it than host and port.
internal import CLibPQ

/// A parsed libpq connection string: `postgres://user@host:5432/db?sslmode=require` or `host=db user=sidelong`.
///
/// Its description is the target's name, so that a password in it cannot reach a log.
public struct ConnectionString: Sendable, CustomStringConvertible, CustomReflectable {
    /// libpq's keywords with their values, as far as they were given.
    let parameters: [String: String]

    /// The target as people name it: `host:port`, or the socket's folder and port.
    public var target: String {
        let host = parameters["host"] ?? parameters["hostaddr"] ?? "localhost"
        let isAddress6 = host.contains(":") && !host.contains("/") && !host.contains(",")
        return "\(isAddress6 ? "[\(host)]" : host):\(parameters["port"] ?? "5432")"
    }

    public var description: String { target }
    public var customMirror: Mirror { Mirror(reflecting: target) }

    /// Parses both forms (`PQconninfoParse`); nothing is looked up or connected.
    ///
    /// - Throws: with a message that quotes no part of the text, because any part may be a piece of the password.
    public init(parsing text: String) throws(ConnectionStringError) {
        let parsed = try Self.parse(text)
        // An unescaped @ or / in a URL's password moves the rest of the password into host, port or database.
        let spill = [parsed["host"], parsed["port"], parsed["dbname"]]
        let isURL = ["postgres://", "postgresql://"].contains { text.utf8.starts(with: $0.utf8) }
        if isURL, spill.contains(where: { $0?.utf8.contains(UInt8(ascii: "@")) == true }) {
            throw ConnectionStringError(
                "an @ stands in the host or database; write @ as %40 and / as %2F in a password")
        }
        if let port = parsed["port"], !port.split(separator: ",").allSatisfy({ UInt16($0) != nil }) {
            throw ConnectionStringError("the port is not a number; write @ as %40 and / as %2F in a password")
        }
        parameters = parsed
    }

    /// Why libpq cannot be used. It is loaded by the first connection string, so that without one it costs no memory.
    private static let loadFailure = unsafe sidelong_load_libpq().map { unsafe String(cString: $0) }

    private static func parse(_ text: String) throws(ConnectionStringError) -> [String: String] {
        if let loadFailure { throw ConnectionStringError(unusableLibrary: loadFailure) }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &message) else {
            defer { unsafe PQfreemem(message) }
            let reason = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
            throw ConnectionStringError(withoutQuotation(reason))
        }
        defer { unsafe PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe parameters[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return parameters
    }

    /// libpq's message without what it quotes from the text: all from the first to the last quotation mark.
    static func withoutQuotation(_ message: String) -> String {
        let line = message.split(separator: "\n").joined(separator: " ")
        // In UTF-8, because a mark can join a quotation mark and make another character of it.
        let bytes = line.utf8
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\"")), let last = bytes.lastIndex(of: UInt8(ascii: "\""))
        else { return line }
        return "\(line[..<first])…\(line[bytes.index(after: last)...])"
    }
}

/// Why a connection string cannot be used.
public struct ConnectionStringError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ reason: String) {
        description = "not a connection string (postgres://user@host:5432/database or host=… user=…): \(reason)"
    }

    init(unusableLibrary reason: String) {
        description = "Postgres needs libpq 14 or newer, package libpq5 or postgresql-libs: \(reason)"
    }
}
