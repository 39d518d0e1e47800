// By which names a process is known as a server of the Redis family.

import Metrics

/// The names of the programs, and the forms of their titles.
enum RedisServerNames {
    private static let servers = [
        "redis-server", "valkey-server", "keydb-server", "redict-server", "redis-sentinel", "valkey-sentinel",
    ]
    /// Debian ships one program under this name, and redis-server is a link to it.
    private static let sharedPrograms = ["redis-check-rdb", "valkey-check-rdb"]

    /// Whether a process name (/proc/PID/comm) is a server's.
    static func isServer(_ name: String) -> Bool {
        servers.contains(name)
    }

    /// Whether a program's path (/proc/PID/exe) is a server's. A tool that is the same program goes by its own name.
    static func isServerProgram(_ path: String, runningAs name: String) -> Bool {
        let program = path.split(separator: "/").last.map(String.init) ?? ""
        return servers.contains(program) || (sharedPrograms.contains(program) && !name.mentions("-check-"))
    }

    /// Whether /proc/PID/cmdline is a server's, such as `/usr/bin/redis-server *:6379 [cluster]`.
    ///
    /// A child that saves the data has another title, `redis-rdb-bgsave *:6379`.
    static func isServerTitle(_ cmdline: Text) -> Bool {
        guard let program = cmdline.strings.first?.words.first else { return false }
        return servers.contains { program.equals($0) || program.hasSuffix("/" + $0) }
    }

    /// Whether it is a server's that names this port too: `:6379` after its address, or `--port 6379`.
    static func isServerTitle(_ cmdline: Text, onPort port: UInt16) -> Bool {
        guard isServerTitle(cmdline) else { return false }
        var isPortNext = false
        for word in cmdline.strings.flatMap({ Array($0.words) }) {
            if word.hasSuffix(":\(port)") || (isPortNext && word.equals("\(port)")) { return true }
            isPortNext = word.equals("--port")
        }
        return false
    }
}
