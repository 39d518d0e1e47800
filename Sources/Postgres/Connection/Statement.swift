// What is sent to a server in one poll, and what comes back.
import Metrics

/// One statement, text in and text out, without parameters.
struct Statement: Sendable, Equatable {
    let text: String
    /// A limit of its own, which the server enforces for this statement only; nil leaves it at the session's.
    var timeout: Duration?
    /// Rows that are kept; the server may send more, which cost no memory here. Nil keeps all.
    var rowLimit: Int?
    /// The columns that are kept; nil keeps all.
    var columns: [String]?
    /// Bytes of `work_mem` for this statement only, which the server takes as it needs them; nil leaves the session's.
    var workMemory: Int?

    /// How its transaction begins.
    var opening: Opening

    /// Whose statement it is, which decides where its names are looked up.
    enum Opening: Sendable, Equatable {
        /// Ours: in the server's own catalog.
        case own
        /// One of the queries file: in the path given, or in the session's own where that is nil.
        case users(String?)
        /// It depends on no setting, changes nothing, and sees the session as it is.
        case none
    }

    init(
        _ text: String, timeout: Duration? = nil, rowLimit: Int? = nil, workMemory: Int? = nil,
        opening: Opening = .own
    ) {
        self.text = text
        self.timeout = timeout
        self.rowLimit = rowLimit
        self.workMemory = workMemory
        self.opening = opening
    }

    /// The commands to send behind the transaction's opening; the last one gives the rows.
    ///
    /// Limits are set with `set_config(…, is_local)`, which ends with the transaction and so cannot leak.
    var commands: [String] {
        var settings: [String] = []
        if let timeout { settings.append(Self.setting("statement_timeout", "\(max(1, timeout.milliseconds))")) }
        if let workMemory { settings.append(Self.setting("work_mem", "\(workMemory >> 10)kB")) }
        let limits = settings.isEmpty ? [] : ["SELECT \(settings.joined(separator: ", "))"]
        return (limits + [text]).map(StatementMark.put)
    }

    private static func setting(_ name: String, _ value: String) -> String {
        "pg_catalog.set_config('\(name)', '\(value)', true)"
    }
}

/// The answers to the statements of one poll, in their order.
struct Answers {
    var results: [Result<Rows, CollectorFailure>] = []
    /// Why the connection is of no more use; statements after `results` have no answer then.
    var broken: CollectorFailure?
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
