// INFO takes more than one form. What it costs the server lies mostly in the percentiles of latency, which new servers
// can leave out. A proxy, a managed service or a fork may know the plain command only, and some answer a form that they
// do not know with the half that they do.

/// How INFO is asked: from the form that suits us best to one that every server knows.
enum InfoDetail: CaseIterable {
    /// The sections by name, but for the percentiles; several at once since Redis 7. A server passes over those that it
    /// does not have.
    case sections
    /// Everything, with what modules add; since Redis 6.
    case everything
    case all
    case usual

    init(for server: ServerIdentity) {
        self = server.isSevenOrLater ? .sections : .everything
    }

    var query: RedisQuery { RedisQuery("INFO", arguments, bound: .essential) }

    private var arguments: [String] {
        switch self {
        case .sections: ["default", "modules", "commandstats", "keysizes", "threads", "scriptingengines", "debug"]
        case .everything: ["everything"]
        case .all: ["all"]
        case .usual: []
        }
    }

    /// The forms to try when this one brings less than a whole INFO.
    var shorterForms: ArraySlice<InfoDetail> {
        Self.allCases.drop { $0 != self }.dropFirst()
    }
}

/// How much of INFO a reply holds.
enum InfoWorth: Int, Comparable {
    /// An error, or something else than a text.
    case nothing
    /// Some fields, none of which names the server.
    case fragment
    /// All but what the server counts per command, which some never tell.
    case withoutCommands
    case whole

    static func < (left: InfoWorth, right: InfoWorth) -> Bool { left.rawValue < right.rawValue }
}

/// The form of INFO that is asked on a connection, and what it is known to bring.
struct InfoForm {
    private(set) var detail: InfoDetail
    /// What the form brought when it was chosen. A reply that is worth less sets off another search.
    private(set) var worth = InfoWorth.whole

    init(for server: ServerIdentity) {
        detail = InfoDetail(for: server)
    }

    /// The forms that may bring more than a reply of this worth; empty when it is what can be expected.
    func candidates(beyond found: InfoWorth) -> ArraySlice<InfoDetail> {
        found < worth ? detail.shorterForms : []
    }

    /// Settles on a form.
    mutating func settle(on detail: InfoDetail, _ worth: InfoWorth) {
        self.detail = detail
        self.worth = worth
    }
}
