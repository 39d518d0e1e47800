// Bytes that a whole network namespace received and sent: what client_golang shows as a process' network traffic.

/// `InOctets` and `OutOctets` of /proc/PID/net/netstat, from proc_pid_net(5).
struct NetworkOctets: Sendable, Equatable {
    let received: UInt64
    let sent: UInt64

    /// Decodes a line of names that begins with `IpExt:`, and the line of numbers below it.
    ///
    /// Returns nil when either is missing or no number.
    init?(_ text: Text) {
        var lines = text.lines
        guard let names = lines.next(where: Self.isIPExt), let numbers = lines.next(), Self.isIPExt(numbers) else {
            return nil
        }
        var received: UInt64?
        var sent: UInt64?
        for (name, number) in zip(names.words, numbers.words) {
            if name.equals("InOctets") { received = number.number }
            if name.equals("OutOctets") { sent = number.number }
        }
        guard let received, let sent else { return nil }
        (self.received, self.sent) = (received, sent)
    }

    private static func isIPExt(_ line: Text) -> Bool { line.hasPrefix("IpExt:") }
}
