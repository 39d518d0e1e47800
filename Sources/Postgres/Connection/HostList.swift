// A connection string may name several servers, and a name may have several addresses. libpq tries them in turn, but
// leaves the time for each to its caller. So they are told apart here, and each gets its share.

/// One place to try: the parameters that lead there and nowhere else.
struct HostAttempt: Sendable, Equatable {
    /// libpq's keywords that differ from the connection string's.
    let parameters: [String: String]
}

/// The hosts of a connection string in the order in which they are tried, as libpq's manual has it (section "Specifying
/// Multiple Hosts").
struct HostList: Sendable, Equatable {
    /// One entry of `host`, `hostaddr` and `port`; a part that is empty is libpq's to fill in.
    struct Host: Sendable, Equatable {
        let name: String
        let address: String
        let port: String

        /// A name has to be looked up: it is neither empty, nor the folder of a socket, nor given with its address.
        var needsLookup: Bool {
            address.isEmpty && !name.isEmpty && !name.hasPrefix("/") && !name.hasPrefix("@")
        }
    }

    let hosts: [Host]
    /// What `target_session_attrs` is in the first round and, where nothing was found, in the next.
    let rounds: [String?]

    /// - Parameter parameters: libpq's keywords. Lists that do not fit together stay one entry, which libpq refuses.
    init(_ parameters: [String: String]) {
        let names = Self.list(parameters["host"])
        let addresses = Self.list(parameters["hostaddr"])
        let ports = Self.list(parameters["port"])
        let count = max(names.count, addresses.count, 1)
        let fits = [names, addresses].allSatisfy { $0.isEmpty || $0.count == count }
        if fits, ports.count <= 1 || ports.count == count {
            hosts = (0..<count).map { index in
                Host(
                    name: names.isEmpty ? "" : names[index], address: addresses.isEmpty ? "" : addresses[index],
                    port: ports.count == 1 ? ports[0] : ports.isEmpty ? "" : ports[index])
            }
        } else {
            let whole = ["host", "hostaddr", "port"].map { parameters[$0] ?? "" }
            hosts = [Host(name: whole[0], address: whole[1], port: whole[2])]
        }
        let wanted = parameters["target_session_attrs"]
        rounds = wanted == "prefer-standby" && hosts.count > 1 ? ["standby", "any"] : [wanted]
    }

    /// Every place to try in one round.
    ///
    /// - Parameter addresses: what a name resolves to; nothing where it cannot be resolved, which libpq then finds out
    ///   again and says.
    func attempts(_ addresses: (String) -> [String]) -> [HostAttempt] {
        hosts.flatMap { host in
            let found = host.needsLookup ? addresses(host.name) : []
            return (found.isEmpty ? [host.address] : found).map { address in
                HostAttempt(parameters: ["host": host.name, "hostaddr": address, "port": host.port])
            }
        }
    }

    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
