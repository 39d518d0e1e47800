// INFO takes more than one form. What it costs the server lies mostly in the percentiles of latency, which new servers
// can leave out; a proxy or a managed service may know the plain command only.

/// How INFO is asked: from the form that suits us best to one that every server knows.
enum InfoDetail {
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

    var command: [String] {
        switch self {
        case .sections:
            ["INFO", "default", "modules", "commandstats", "keysizes", "threads", "scriptingengines", "debug"]
        case .everything: ["INFO", "everything"]
        case .all: ["INFO", "all"]
        case .usual: ["INFO"]
        }
    }

    /// The form to try when this one is refused or brings nothing.
    var next: InfoDetail? {
        switch self {
        case .sections: .everything
        case .everything: .all
        case .all: .usual
        case .usual: nil
        }
    }
}
