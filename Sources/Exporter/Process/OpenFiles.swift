// The descriptors that the process starts with: the three standard ones, which have to be there, and the number of
// further ones that it may open.

import Glibc

enum OpenFiles {
    /// Opens those of the standard descriptors that are closed. Otherwise a socket would get the number of standard
    /// error, and the log with it. Writing to a descriptor opened here still fails, as it would have.
    static func reserveStandard() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", O_RDONLY)
        }
    }

    /// Makes sure that descriptors cannot run out: HTTP clients get half of them at the most, and all the rest has to
    /// fit into the other half.
    ///
    /// - Parameters:
    ///   - targets: how many servers are watched.
    ///   - interfaces: how many interfaces have a socket of their own.
    /// - Throws: when the process may open too few files.
    static func requireEnough(targets: Int = 1, interfaces: Int = 0) throws(ConfigurationError) {
        let least = UInt64(max(64, 48 + 4 * targets + 2 * interfaces))
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        guard limit.rlim_cur < least else { return }
        throw ConfigurationError(
            "only \(limit.rlim_cur) files may be open at once, and at least \(least) are needed; raise the limit with "
                + "ulimit -n, LimitNOFILE= or --ulimit nofile")
    }
}
