// One result as libpq gives it: rows, an error, or the end of a statement's transaction.

internal import CLibPQ
import Glibc

/// Owns one `PGresult`.
@safe struct QueryResult: ~Copyable {
    private let handle: OpaquePointer

    @unsafe init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(handle)
    }

    var isSynchronisation: Bool { unsafe PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    /// The server's error; nil for rows, and for a command that was passed over because one before it failed.
    var error: ServerError? {
        switch unsafe PQresultStatus(handle) {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
            // PG_DIAG_SEVERITY_NONLOCALIZED, PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY
            return unsafe ServerError(
                severity: field("V"), sqlState: field("C"), message: field("M"),
                text: Self.text(PQresultErrorMessage(handle)))
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            // Only the end of the connection leads out of a copy.
            return ServerError(sqlState: "0A000", message: "COPY gives no rows; use SELECT", isFatal: true)
        default:
            return nil
        }
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        unsafe PQresultErrorField(handle, Int32(code.value)).map { unsafe Self.text($0) }
    }

    /// The beginning of a server's text.
    private static func text(_ start: UnsafePointer<CChar>) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: strnlen(start, 8192)), as: UTF8.self)
    }

    var columns: [String] {
        unsafe (0..<PQnfields(handle)).map { unsafe String(cString: PQfname(handle, $0)) }
    }

    /// The number of rows.
    var count: Int { unsafe Int(PQntuples(handle)) }

    /// Bytes of its rows on the way: seven of the message, four of each cell, and its text.
    var size: Int {
        unsafe (0..<PQntuples(handle)).reduce(0) { size, row in
            unsafe (0..<PQnfields(handle)).reduce(size + 7) { unsafe $0 + 4 + Int(PQgetlength(handle, row, $1)) }
        }
    }

    /// Bytes of some cells of a row.
    func size(ofRow row: Int, _ columns: [Int]) -> Int {
        columns.reduce(0) { unsafe $0 + Int(PQgetlength(handle, Int32(row), Int32($1))) }
    }

    /// Adds some cells of a row to rows that have these columns.
    func add(row: Int, _ columns: [Int], to rows: inout Rows) {
        for column in columns {
            let (row, column) = (Int32(row), Int32(column))
            if unsafe PQgetisnull(handle, row, column) == 0, let text = unsafe PQgetvalue(handle, row, column) {
                let start = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
                unsafe rows.append(UnsafeBufferPointer(start: start, count: strlen(text)).span)
            } else {
                rows.append(nil)
            }
        }
    }
}
