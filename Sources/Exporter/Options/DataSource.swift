// Where postgres_exporter and frameworks have their connection strings: in variables that were set for them. They work
// here unedited, and one that is meant for a database of another kind is no reason not to start.

import Metrics
import Postgres
import System

/// The environment as the options read it, with what several variables say together put into one.
struct DataSource {
    /// All variables.
    private(set) var environment: [String: String]
    /// The file with the password for the address in ``uri``.
    private(set) var passwordFile: String?
    /// What was passed over, for people.
    private(set) var remarks: [String] = []

    static let list = "DATA_SOURCE_NAME"
    static let uri = "DATA_SOURCE_URI"
    static let url = "DATABASE_URL"

    /// The variables that are read here and not by an option, which may hold secrets as well.
    static let variables = [user, password].flatMap { [$0, file(of: $0)] } + [file(of: uri)]

    private static let user = "DATA_SOURCE_USER"
    private static let password = "DATA_SOURCE_PASS"

    private static func file(of variable: String) -> String { "\(variable)_FILE" }

    /// - Parameter environment: all environment variables.
    /// - Throws: when a file cannot be read that a variable names.
    init(_ environment: [String: String]) throws(ConfigurationError) {
        self.environment = environment
        // In this order, the first one that is set wins.
        if isSet(Self.list) {
            self.environment[Self.uri] = nil
        } else if let address = try text(of: Self.uri) {
            self.environment[Self.uri] = try dataSource(address)
        } else if let url = environment[Self.url], let scheme = ConnectionString.otherScheme(of: url) {
            self.environment[Self.url] = nil
            remarks.append("\(Self.url) is a URL of \(scheme), not of Postgres, and is ignored")
        }
    }

    private func isSet(_ variable: String) -> Bool { environment[variable]?.isEmpty == false }

    /// What a variable says, or the file that its twin names, which wins as in postgres_exporter; nil where it is
    /// empty.
    private func text(of variable: String) throws(ConfigurationError) -> String? {
        let twin = Self.file(of: variable)
        guard isSet(twin), let path = environment[twin] else {
            return isSet(variable) ? environment[variable] : nil
        }
        do {
            let text = try SmallFile.text(path).trimmed
            return text.isEmpty ? nil : text
        } catch {
            throw ConfigurationError("\(twin): \(Shown.problem(error, of: path))")
        }
    }

    /// `postgresql://USER:PASS@URI`; a password in a file is left there, to be read again for each connection.
    private mutating func dataSource(_ address: String) throws(ConfigurationError) -> String {
        let user = try text(of: Self.user) ?? ""
        let password = try text(of: Self.password) ?? ""
        let twin = Self.file(of: Self.password)
        if isSet(twin) { passwordFile = environment[twin] }
        let isFromFile = passwordFile != nil
        let credentials = isFromFile || password.isEmpty ? user.encoded : "\(user.encoded):\(password.encoded)"
        // Some write the scheme as well, although it is not wanted.
        let utf8 = Array(address.utf8)
        let rest = utf8.firstRange(ofText: "://").map { String(decoding: utf8[$0.upperBound...], as: UTF8.self) }
        return "postgresql://\(credentials.isEmpty ? "" : "\(credentials)@")\(rest ?? address)"
    }
}

extension String {
    /// The text as a part of a URL (RFC 3986, section 2.3): everything but letters, digits and `-._~` is escaped.
    fileprivate var encoded: String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = utf8.flatMap { byte in
            plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text without white space at either end.
    fileprivate var trimmed: String {
        let tail = drop(while: \.isWhitespace)
        return String(tail.prefix(tail.count - tail.reversed().prefix(while: \.isWhitespace).count))
    }
}

extension [String] {
    /// The connection strings of a list with commas, which may also stand inside of them, between hosts and in
    /// passwords. A new one begins where a URL or a keyword begins.
    init(dataSources text: String) {
        self = []
        for piece in text.split(separator: ",") {
            let trimmed = piece.trimmed
            let isNew = ConnectionString.begins(String(trimmed))
            if let last, !isNew { self[count - 1] = "\(last),\(piece)" } else { append(String(trimmed)) }
        }
    }
}
