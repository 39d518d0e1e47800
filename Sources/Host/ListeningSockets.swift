// Which sockets listen on a port, by inode: the number under which a process' descriptors name them.

/// A table /proc/net/tcp or tcp6, from proc_pid_net(5).
enum ListeningSockets {
    /// The inodes of the sockets that listen on this port, at any address.
    ///
    /// Decodes `0: 0100007F:18EB 00000000:0000 0A … 25321 1 …` below a line of headings; a line of another form is
    /// passed over. The kernel lists listening sockets before all others, so the beginning of a long table will do.
    static func inodes(onPort port: UInt16, in table: Text) -> [UInt64] {
        var inodes: [UInt64] = []
        for line in table.lines {
            var words = line.words
            words.skip(1)
            guard let local = words.next() else { continue }
            words.skip(1)
            guard words.next()?.equals(listening) == true,
                let hexadecimal = local.split(atLast: UInt8(ascii: ":"))?.after.string,
                UInt16(hexadecimal, radix: 16) == port
            else { continue }
            words.skip(5)
            if let inode = words.nextNumber() { inodes.append(inode) }
        }
        return inodes
    }

    /// `TCP_LISTEN` of the kernel's tcp_states.h.
    private static let listening = "0A"
}
