// What Postgres, PgBouncer and libpq say when they say no, sorted into the few reasons that a collector may give.
import Metrics

/// An error as the server reported it.
struct ServerError: Equatable {
    /// The five characters of the error code (Postgres manual, appendix A).
    let sqlState: String
    let message: String

    /// The connection is over: severity FATAL or PANIC.
    var isFatal = false

    var failure: CollectorFailure {
        switch sqlState {
        case _ where sqlState.hasPrefix("28"):
            CollectorFailure(.auth, message)
        case "42501":
            CollectorFailure(.denied, message)
        case "57P03":
            CollectorFailure(.loading, message)
        case "57P01", "57P02", "57P04", "57P05", "25P03":
            CollectorFailure(.closed, message)
        case "57014":
            CollectorFailure(.timeout, message)
        case "55P03":
            CollectorFailure(.timeout, "\(message): another session holds the lock")
        case "53300":
            CollectorFailure(.refused, "all connection slots are taken: \(message)")
        // 55000 is an extension that shared_preload_libraries does not name.
        case "42P01", "42703", "42704", "42883", "0A000", "55000":
            CollectorFailure(.unsupported, "\(message) (SQLSTATE \(sqlState))")
        // PgBouncer has one code for everything.
        case "08P01" where message.mentions("authentication failed"):
            CollectorFailure(.auth, message)
        case "08P01" where message == "not allowed":
            CollectorFailure(.denied, "the user may not use PgBouncer's console; add it to stats_users")
        default:
            CollectorFailure(.refused, "\(message) (SQLSTATE \(sqlState))")
        }
    }
}

extension ServerError {
    /// - Parameter text: all that libpq says, which has to do where there is no code: the connection is over then.
    init(severity: String?, sqlState: String?, message: String?, text: String) {
        self.init(
            sqlState: sqlState ?? "08006", message: Self.oneLine(sqlState == nil ? text : message ?? text),
            isFatal: sqlState == nil || severity == "FATAL" || severity == "PANIC")
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    /// What poolers say to the `options` of a start-up packet. PgBouncer and its kin name the parameter, RDS Proxy the
    /// command line, with the code of a feature that it does not have.
    fileprivate var refusesOptions: Bool {
        message.mentions("startup parameter") || message.mentions("command-line options")
    }
}

/// Why a connection could not be made.
struct ConnectFailure: Error, Equatable {
    private(set) var failure: CollectorFailure
    /// The peer does not take start-up options, as a pooler does not.
    let refusesOptions: Bool
    /// Another host of the same address may do: nobody here has said no, or only because the server is starting.
    let leadsToNextHost: Bool

    init(_ reason: CollectorFailure.Reason, _ message: String) {
        failure = CollectorFailure(reason, message)
        refusesOptions = false
        leadsToNextHost = reason != .unreadable
    }

    /// Reads libpq's text (`PQerrorMessage`) of a failed connection, written with `PQERRORS_VERBOSE`, which puts the
    /// error code of a server's refusal into it: `FATAL:  28P01: password authentication failed for user "x"`.
    ///
    /// The text has a line for each address that was tried; the last one decides.
    init(text: String) {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
        if let error = lines.lazy.reversed().compactMap(Self.serverError).first {
            failure = error.failure
            refusesOptions = error.refusesOptions
            leadsToNextHost = error.failure.reason == .loading
        } else {
            let message = lines.map { String($0.drop { $0 == " " || $0 == "\t" }) }.joined(separator: "; ")
            failure = CollectorFailure(Self.reason(of: message), message.isEmpty ? "no connection" : message)
            refusesOptions = false
            leadsToNextHost = failure.reason != .auth && failure.reason != .tls
        }
    }

    /// The same, with nothing of the secret in its message. What it means has been decided by the words as they were.
    func hiding(_ secret: String?) -> ConnectFailure {
        var shown = self
        shown.failure = failure.hiding(secret)
        return shown
    }

    /// The server's error in one line, found by the five characters of its code between two colons.
    private static func serverError(_ line: Substring) -> ServerError? {
        var rest = line
        while let colon = rest.firstIndex(of: ":") {
            rest = rest[rest.index(after: colon)...]
            let code = rest.drop { $0 == " " }.prefix(5)
            let message = rest[code.endIndex...]
            // The severity before it may have five letters as well, but never a digit.
            let isCode = code.utf8.count == 5 && code.utf8.allSatisfy(isCodeByte) && code.utf8.contains(where: isDigit)
            if isCode, message.hasPrefix(": ") {
                let text = message.dropFirst(2)
                return ServerError(
                    sqlState: String(code), message: text.isEmpty ? "no message" : String(text), isFatal: true)
            }
        }
        return nil
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// libpq's own errors have no code; their wording has been stable since Postgres 7.
    private static func reason(of message: String) -> CollectorFailure.Reason {
        let cause = message.lowercased()
        func says(_ words: String...) -> Bool { words.contains { cause.mentions($0) } }
        if says("could not translate host name", "could not parse network address") { return .resolve }
        if says("no password supplied", "authentication", "scram", "gssapi") { return .auth }
        if says("failed: ssl", "failed: server does not support ssl", "certificate", "tls", "ssl error") { return .tls }
        if says("timeout expired", "timed out") { return .timeout }
        if says("closed the connection") { return .closed }
        return .connect
    }
}
