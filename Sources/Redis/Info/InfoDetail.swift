// INFO takes more than one form: what modules add came with Redis 6, and a proxy or a managed service may know the plain
// command only.

/// How INFO is asked: from the fullest form to one that every server knows.
enum InfoDetail {
    /// Everything, with what modules add; since Redis 6.
    case everything
    case all
    case usual

    var command: [String] {
        switch self {
        case .everything: ["INFO", "everything"]
        case .all: ["INFO", "all"]
        case .usual: ["INFO"]
        }
    }

    /// The form to try when this one is refused or brings nothing.
    var next: InfoDetail? {
        switch self {
        case .everything: .all
        case .all: .usual
        case .usual: nil
        }
    }
}
