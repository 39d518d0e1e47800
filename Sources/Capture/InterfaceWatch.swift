// To ask the kernel for all interfaces takes seven system calls and a list of addresses, every five seconds. Nearly
// always the answer is that of before.

/// The machine's interfaces, asked for again when one of them has changed.
struct InterfaceWatch: ~Copyable {
    /// Without it each look asks.
    private let news = LinkNews()
    private var known: [NetworkInterface]?

    /// Those that there are now; nil when they cannot be read.
    mutating func look() -> [NetworkInterface]? {
        // In this order, so that what changes meanwhile is found the next time.
        if news?.take() ?? true { known = nil }
        if known == nil { known = NetworkInterface.all() }
        return known
    }
}
