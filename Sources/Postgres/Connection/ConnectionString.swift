// Where a Postgres or PgBouncer is and who we are there: libpq's own connection strings, as users of psql know them.
// A connection string often holds a password, so nothing here ever shows more of it than host and port.
internal import CLibPQ
import Glibc

/// A parsed libpq connection string: `postgres://user@host:5432/db?sslmode=require` or `host=db user=sidelong`.
///
/// Its description is the target's name, so that a password in it cannot reach a log.
public struct ConnectionString: Sendable, CustomStringConvertible, CustomReflectable {
    /// libpq's keywords with their values, as far as they were given.
    let parameters: [String: String]
    /// What libpq makes of them with its service files and the environment (`PGHOST`, `PGSERVICE` and so on), as far as
    /// it says where the server is.
    let place: [String: String]
    /// The user's own `options`.
    let options: OptionsText
    /// Names of URL parameters that were left out because they are some framework's and not libpq's.
    public let ignoredParameters: [String]
    /// A file with this address' own password.
    public var passwordFile: String?

    /// The target as people name it: `host:port`, or the socket's folder and port.
    public var target: String {
        let host = place["host"] ?? place["hostaddr"] ?? "localhost"
        let isAddress6 = host.contains(":") && !host.contains("/") && !host.contains(",")
        return "\(isAddress6 ? "[\(host)]" : host):\(place["port"] ?? "5432")"
    }

    /// The TCP ports of its hosts; none where all are folders of sockets.
    public var ports: [UInt16] {
        HostList(place).hosts.compactMap { host in
            let isLocal = host.address.isEmpty && !host.needsLookup
            return isLocal ? nil : UInt16(host.port.isEmpty ? "5432" : host.port)
        }
    }

    /// Whom it logs in as; nil where nothing says so.
    public var user: String? { place["user"] }

    /// The database that a session gets; empty where nothing says so.
    public var database: String { place["dbname"] ?? place["user"] ?? "" }

    public var description: String { target }
    public var customMirror: Mirror { Mirror(reflecting: target) }

    /// Parses both forms (`PQconninfoParse`), URLs of other drivers as well; nothing is looked up or connected.
    ///
    /// - Parameter isLenient: whether unknown URL parameters are left out, instead of being an error.
    /// - Throws: with a message that quotes no part of the text but names of parameters, because any part may be a
    ///   piece of the password.
    public init(parsing text: String, isLenient: Bool = false) throws(ConnectionStringError) {
        if let loadFailure = Self.loadFailure { throw ConnectionStringError(unusableLibrary: loadFailure) }
        let url = try ConnectionURL(text, keywords: Self.keywords, isLenient: isLenient)
        let parsed = try Self.parse(url.text)
        // An unescaped @ or / in a URL's password moves the rest of the password into host, port or database.
        let spill = [parsed["host"], parsed["port"], parsed["dbname"]]
        let isURL = url.text.utf8.starts(with: "postgresql://".utf8)
        if isURL, spill.contains(where: { $0?.utf8.contains(UInt8(ascii: "@")) == true }) {
            throw ConnectionStringError(
                "an @ stands in the host or database; write @ as %40 and / as %2F in a password")
        }
        // No host name holds an @, but credentials that were written as a host do. A socket's folder may, and an
        // abstract socket's name begins with one.
        let hosts = [parsed["host"], parsed["hostaddr"]].compactMap { $0 }.flatMap { $0.split(separator: ",") }
        if hosts.contains(where: { !$0.utf8.starts(with: "/".utf8) && $0.utf8.dropFirst().contains(UInt8(ascii: "@")) })
        {
            throw ConnectionStringError("an @ stands in a host; a user is given with user= and a password by a file")
        }
        if let port = parsed["port"], !port.split(separator: ",").allSatisfy({ UInt16($0) != nil }) {
            throw ConnectionStringError("the port is not a number; write @ as %40 and / as %2F in a password")
        }
        parameters = parsed
        place = try Self.place(of: parsed)
        options = OptionsText(place["options"] ?? "")
        ignoredParameters = url.ignored
    }

    /// The scheme of a URL that leads to a database of another kind; nil for all else. Needs no libpq.
    public static func otherScheme(of text: String) -> String? { ConnectionURL.otherScheme(of: text) }

    /// Whether the text begins as a connection string does: with a URL's scheme, or with `host=` or another keyword.
    public static func begins(_ text: String) -> Bool {
        let word = text.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
        let rest = text.dropFirst(word.count).drop { $0 == " " }
        return ConnectionURL.isURL(text) || rest.hasPrefix("=") && loadFailure == nil && keywords.contains(String(word))
    }

    /// Why libpq cannot be used. It is loaded by the first connection string, so that without one it costs no memory.
    private static let loadFailure = unsafe sidelong_load_libpq().map { unsafe String(cString: $0) }

    private static func parse(_ text: String) throws(ConnectionStringError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &message) else {
            defer { unsafe PQfreemem(message) }
            let reason = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
            throw ConnectionStringError(withoutQuotation(reason))
        }
        defer { unsafe PQconninfoFree(options) }
        return unsafe values(of: options).compactMapValues { $0 }
    }

    /// Every keyword that this libpq knows.
    private static let keywords: Set<String> = {
        guard let options = unsafe PQconninfoParse("", nil) else { return [] }
        defer { unsafe PQconninfoFree(options) }
        return unsafe Set(values(of: options).keys)
    }()

    @unsafe private static func values(of options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String?] {
        var values: [String: String?] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            unsafe values[String(cString: keyword)] = .some(option.pointee.val.map { unsafe String(cString: $0) })
            unsafe option += 1
        }
        return values
    }

    /// What libpq adds from service files and the environment.
    ///
    /// It has no call for that which takes a service's name. But it reads them before it looks at `sslmode`, and
    /// connects after that; so a mode that it does not know is all that is needed.
    private static func place(of parameters: [String: String]) throws(ConnectionStringError) -> [String: String] {
        let mode = "sidelong"
        let handle = unsafe startConnection(parameters.merging(["sslmode": mode]) { $1 })
        defer { unsafe PQfinish(handle) }
        guard let handle = unsafe handle, let options = unsafe PQconninfo(handle) else {
            throw ConnectionStringError("out of memory")
        }
        defer { unsafe PQconninfoFree(options) }
        let found = unsafe values(of: options).compactMapValues { $0 }
        guard found["sslmode"] == mode else {
            throw ConnectionStringError(withoutQuotation(unsafe String(cString: PQerrorMessage(handle))))
        }
        let names = [
            "host", "hostaddr", "port", "dbname", "user", "options", "connect_timeout", "target_session_attrs",
            "load_balance_hosts",
        ]
        return found.filter { names.contains($0.key) && !$0.value.isEmpty }
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

    /// The scheme of a URL that leads to a database of another kind; nil for all other reasons.
    public let otherScheme: String?

    init(_ reason: String) {
        otherScheme = nil
        description = "not a connection string (postgres://user@host:5432/database or host=… user=…): \(reason)"
    }

    init(otherDatabase scheme: String) {
        otherScheme = scheme
        description = "a URL of \(scheme), which is not Postgres (postgres://user@host:5432/database)"
    }

    init(unusableLibrary reason: String) {
        otherScheme = nil
        description = "Postgres needs libpq 14 or newer, package libpq5 or postgresql-libs: \(reason)"
    }
}

/// `PQconnectStartParams` with Swift texts.
func startConnection(_ parameters: [String: String]) -> OpaquePointer? {
    let entries = parameters.sorted { $0.key < $1.key }
    let texts = unsafe entries.flatMap { unsafe [strdup($0.key), strdup($0.value)] }
    defer { unsafe texts.forEach { unsafe free($0) } }
    var keywords = unsafe stride(from: 0, to: texts.count, by: 2).map { unsafe UnsafePointer<CChar>(texts[$0]) }
    var values = unsafe stride(from: 1, to: texts.count, by: 2).map { unsafe UnsafePointer<CChar>(texts[$0]) }
    unsafe keywords.append(nil)
    unsafe values.append(nil)
    return unsafe PQconnectStartParams(keywords, values, 0)
}
