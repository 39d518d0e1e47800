// The search for redis-server among the processes that this PID namespace shows: by the number that Redis gives, or by
// the port on which it listens.

/// Finds a target's process; finds none where it is not to be seen, which is the usual case between containers.
struct RedisProcessFinder {
    let procfs: String
    let files: FileReader

    /// The number of the process; nil when there is none, or when two are equally likely.
    ///
    /// The search by port reads the names of all processes, and the titles of those that look like a server. The tables
    /// of sockets, which cost milliseconds, are read where titles do not tell only.
    func find(_ hint: RedisProcessHint.Facts) -> Int? {
        if let number = hint.processID, number > 0, isServer(number) { return number }
        return hint.port.flatMap(processListening)
    }

    private func processListening(on port: UInt16) -> Int? {
        let servers = processNumbers().filter(isServer)
        if servers.isEmpty { return nil }
        let titled = servers.filter { title(of: $0, names: port) && mayShareNetwork($0) }
        return titled.count == 1 ? titled[0] : processHolding(port, among: servers, titled)
    }

    private func processHolding(_ port: UInt16, among servers: [Int], _ titled: [Int]) -> Int? {
        let inodes = listeningInodes(onPort: port)
        if inodes?.isEmpty == true { return nil }
        var likely: [Int] = []
        for number in servers {
            switch inodes.flatMap({ holds(number, anyOf: $0) }) {
            case true?: return number
            case false?: continue
            case nil: if titled.contains(number) { likely.append(number) }
            }
        }
        return likely.count == 1 ? likely[0] : nil
    }

    /// Whether a process is not known to have another network, where the same port is another one.
    private func mayShareNetwork(_ number: Int) -> Bool {
        guard let own = files.destination(of: "\(procfs)/self/ns/net"),
            let other = files.destination(of: "\(procfs)/\(number)/ns/net")
        else { return true }
        return own == other
    }

    /// Nil when neither table can be read.
    private func listeningInodes(onPort port: UInt16) -> [UInt64]? {
        let tables = ["tcp", "tcp6"].compactMap { try? files.text(of: "\(procfs)/net/\($0)", limit: 1 << 16) }
            .map { ListeningSockets.inodes(onPort: port, in: $0) }
        return tables.isEmpty ? nil : tables.flatMap { $0 }
    }

    private func processNumbers() -> [Int] {
        var numbers: [Int] = []
        try? files.forEachName(in: procfs) { name in
            if let number = Int(name) { numbers.append(number) }
            return true
        }
        return numbers
    }

    /// Whether a process has one of these sockets open; nil where its descriptors may not be read.
    private func holds(_ number: Int, anyOf inodes: [UInt64]) -> Bool? {
        let sockets = inodes.map { "socket:[\($0)]" }
        let folder = "\(procfs)/\(number)/fd"
        var isHolder = false
        do {
            try files.forEachName(in: folder) { name in
                isHolder = files.destination(of: "\(folder)/\(name)").map(sockets.contains) ?? false
                return !isHolder
            }
        } catch {
            return nil
        }
        return isHolder
    }

    /// Whether a process is a server of the Redis family by its name, its title or its program.
    private func isServer(_ number: Int) -> Bool {
        let folder = "\(procfs)/\(number)"
        guard let name = try? files.read("\(folder)/comm", as: { $0.line?.string }) else { return false }
        if RedisServerNames.isServer(name) { return true }
        if let title = try? files.text(of: "\(folder)/cmdline"), RedisServerNames.isServerTitle(title) { return true }
        guard let program = files.destination(of: "\(folder)/exe") else { return false }
        return RedisServerNames.isServerProgram(program, runningAs: name)
    }

    private func title(of number: Int, names port: UInt16) -> Bool {
        guard let title = try? files.text(of: "\(procfs)/\(number)/cmdline") else { return false }
        return RedisServerNames.isServerTitle(title, onPort: port)
    }
}
