// To ask the kernel for all interfaces takes seven system calls and a list of addresses. Nearly always the answer is
// that of before.

import Glibc

/// The machine's interfaces, asked for again when one of them has changed.
struct InterfaceWatch: ~Copyable {
    /// An emulation of the kernel may take who listens and say nothing.
    private static let longestTrust = Duration.seconds(60)

    /// Without it each look asks.
    private let news = LinkNews()
    private var known: [NetworkInterface]?
    private var asked: ContinuousClock.Instant?

    /// Readable when an interface has changed; -1 where nobody tells.
    var descriptor: Int32 {
        switch news {
        case .some(let news): news.descriptor
        case nil: -1
        }
    }

    /// Whether somebody tells of changes.
    var hears: Bool { descriptor >= 0 }

    /// Takes note of what has changed.
    mutating func hear() {
        if news?.take() ?? true { known = nil }
    }

    /// Those that there are at this moment; nil when they cannot be read.
    mutating func look(at now: ContinuousClock.Instant = .now) -> [NetworkInterface]? {
        // In this order, so that what changes meanwhile is found the next time.
        hear()
        if let asked, now >= asked + Self.longestTrust { known = nil }
        if known == nil {
            known = NetworkInterface.all()
            asked = now
        }
        return known
    }
}
