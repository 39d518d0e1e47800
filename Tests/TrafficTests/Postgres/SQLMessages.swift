// Messages of clients and servers of Postgres, by hand.

@testable import Traffic

/// A message with a letter.
func message(_ type: Character, _ body: [UInt8] = []) -> [UInt8] {
    Array(String(type).utf8) + bytes(UInt32(body.count + 4)) + body
}

/// A text with a zero behind it.
private func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

/// What clients send.
enum Ask {
    static func startup(
        user: String = "app", database: String = "shop", version: UInt32 = 0x3_0000, _ parameters: [String] = []
    ) -> [UInt8] {
        let body = ["user", user, "database", database].flatMap(text) + parameters.flatMap(text) + [0]
        return bytes(UInt32(body.count + 8)) + bytes(version) + body
    }

    /// SSLRequest, GSSENCRequest or another of eight bytes.
    static func request(_ code: UInt32, _ body: [UInt8] = []) -> [UInt8] {
        bytes(UInt32(body.count + 8)) + bytes(code) + body
    }

    static let ssl = request(80_877_103)
    static let gss = request(80_877_104)
    static let password = message("p", text("hunter2-geheim"))
    static let sync = message("S")
    static let flush = message("H")
    static let terminate = message("X")
    static let copyDone = message("c")

    static func query(_ sql: String) -> [UInt8] { message("Q", text(sql)) }

    static func parse(_ sql: String, as name: String = "") -> [UInt8] {
        message("P", text(name) + text(sql) + bytes(UInt16(1)) + bytes(UInt32(23)))
    }

    static func bind(_ statement: String = "", portal: String = "", value: String = "geheim") -> [UInt8] {
        let value = Array(value.utf8)
        return message(
            "B",
            text(portal) + text(statement) + bytes(UInt16(0)) + bytes(UInt16(1)) + bytes(UInt32(value.count)) + value
                + bytes(UInt16(0)))
    }

    static func execute(_ portal: String = "", limit: UInt32 = 0) -> [UInt8] {
        message("E", text(portal) + bytes(limit))
    }

    static func describe(_ kind: Character, _ name: String = "") -> [UInt8] {
        message("D", Array(String(kind).utf8) + text(name))
    }

    static func close(_ kind: Character, _ name: String = "") -> [UInt8] {
        message("C", Array(String(kind).utf8) + text(name))
    }

    static func copyData(_ count: Int) -> [UInt8] { message("d", Array(repeating: 0x61, count: count)) }
    static func copyFail(_ reason: String = "no") -> [UInt8] { message("f", text(reason)) }

    /// Parse, Bind, Describe and Execute of a statement without a name.
    static func statement(_ sql: String) -> [UInt8] { parse(sql) + bind() + describe("P") + execute() }
    /// Bind, Describe and Execute of one with a name.
    static func run(_ name: String) -> [UInt8] { bind(name) + describe("P") + execute() }
}

/// What servers send.
enum Say {
    static let authenticated = message("R", bytes(UInt32(0)))
    static let passwordWanted = message("R", bytes(UInt32(3)))
    static let parsed = message("1")
    static let bound = message("2")
    static let closed = message("3")
    static let empty = message("I")
    static let suspended = message("s")
    static let noData = message("n")
    static let columns = message("T", bytes(UInt16(0)))
    static let parameters = message("t", bytes(UInt16(0)))
    static let copyIn = message("G", [0, 0, 0])
    static let copyOut = message("H", [0, 0, 0])
    static let copyDone = message("c")
    static let notice = message("N", text("SNOTICE") + text("C00000") + [0])
    static let notification = message("A", bytes(UInt32(1)) + text("channel") + text("payload"))
    static let setting = message("S", text("TimeZone") + text("UTC"))
    static let key = message("K", bytes(UInt64(1)))

    static func ready(_ status: Character = "I") -> [UInt8] { message("Z", Array(String(status).utf8)) }
    static func complete(_ tag: String) -> [UInt8] { message("C", text(tag)) }
    static func row(_ count: Int = 20) -> [UInt8] { message("D", Array(repeating: 0x43, count: count)) }
    static func rows(_ number: Int, of count: Int = 20) -> [UInt8] { (0..<number).flatMap { _ in row(count) } }
    static func copyData(_ count: Int) -> [UInt8] { message("d", Array(repeating: 0x5A, count: count)) }

    static func error(_ code: String, severity: String = "ERROR") -> [UInt8] {
        message("E", text("S" + severity) + text("V" + severity) + text("C" + code) + text("Mgeheim") + [0])
    }

    /// The answer to a session's first message, with no password asked for.
    static let welcome = authenticated + setting + key + ready()
    /// The answer to a SELECT of some rows in a Query.
    static func selected(_ number: Int, _ status: Character = "I") -> [UInt8] {
        columns + rows(number) + complete("SELECT \(number)") + ready(status)
    }
    /// The answer to Parse, Bind, Describe and Execute.
    static func ran(_ tag: String) -> [UInt8] { parsed + bound + noData + complete(tag) }
    /// The answer to Bind, Describe and Execute.
    static func reran(_ tag: String) -> [UInt8] { bound + noData + complete(tag) }
}
