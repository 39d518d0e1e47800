// Which cgroup this process is in, and where its files are. A machine may have version 1 (one tree per controller),
// version 2 (one tree for all) or both at once, so each controller is looked up by itself.

/// The lines of /proc/self/cgroup, from cgroups(7).
struct CgroupMembership: Sendable, Equatable {
    /// Paths in the trees of version 1, by controller.
    private(set) var paths: [String: String] = [:]
    /// The path in the tree of version 2; nil where it is not mounted.
    private(set) var unifiedPath: String?

    /// Decodes `4:cpu,cpuacct:/docker/c7` for version 1 and `0::/system.slice` for version 2.
    ///
    /// Returns nil when a line is no such triple. No line at all means a kernel without cgroups.
    init?(_ text: Text) {
        for line in text.lines {
            guard let (number, rest) = line.split(atFirst: UInt8(ascii: ":")), number.number != nil,
                let (controllers, path) = rest.split(atFirst: UInt8(ascii: ":")), path.hasPrefix("/")
            else { return nil }
            if number.equals("0") && controllers.isEmpty {
                unifiedPath = path.string
            } else {
                for controller in controllers.items { paths[controller.string] = path.string }
            }
        }
    }
}

/// The cgroup file systems of /proc/self/mountinfo, from proc_pid_mountinfo(5).
struct CgroupMounts: Sendable, Equatable {
    struct Mount: Sendable, Equatable {
        /// The folder of the tree that is mounted: `/`, or a container's own cgroup.
        let root: String
        /// Where it is mounted.
        let point: String
        /// The controllers of a tree of version 1; nil for version 2.
        let controllers: [String]?
    }

    private(set) var mounts: [Mount] = []

    /// Decodes `34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory` and skips other file systems.
    ///
    /// Returns nil when a line lacks the ` - ` before its type, or ends before it should.
    init?(_ text: Text) {
        for line in text.lines {
            var words = line.words
            guard words.nextNumber() != nil else { return nil }
            words.skip(2)
            guard let root = words.next(), let point = words.next() else { return nil }
            guard words.next(where: { $0.equals("-") }) != nil, let type = words.next() else { return nil }
            guard type.equals("cgroup") || type.equals("cgroup2") else { continue }
            // The source may be empty; the options of the file system come last.
            var options: Text?
            for word in words { options = word }
            guard let options else { return nil }
            mounts.append(
                Mount(
                    root: Self.unescaped(root), point: Self.unescaped(point),
                    controllers: type.equals("cgroup2") ? nil : options.items.map(\.string)))
        }
    }

    /// A path as the kernel writes it: blanks and backslashes as three octal digits after a backslash.
    private static func unescaped(_ text: Text) -> String {
        guard text.bytes.contains(UInt8(ascii: "\\")) else { return text.string }
        var plain: [UInt8] = []
        var rest = text.bytes
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                plain.append(code)
                rest = rest.dropFirst(3)
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
