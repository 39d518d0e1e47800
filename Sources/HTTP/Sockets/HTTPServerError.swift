// What can go wrong before a server serves. Each message names the address as the operator wrote it, the reason, and
// where it is known what to do.

/// Why a server could not start.
public enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is no address to listen on.
    case invalidAddress(String, reason: String)
    /// The address is well formed, but nothing can listen there.
    case cannotListen(ListenAddress, reason: String)
    /// The machine refused a descriptor, a thread or memory.
    case cannotStart(reason: String)
    /// The TLS settings cannot be used.
    case cannotEncrypt(TLSProblem)

    public var description: String {
        switch self {
        case .invalidAddress(let text, let reason):
            "'\(text)' is no address to listen on: \(reason); "
                + "allowed are HOST:PORT, :PORT, [IPV6]:PORT and unix:///PATH"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .cannotStart(let reason): "cannot start the HTTP server: \(reason)"
        case .cannotEncrypt(let problem): "cannot encrypt: \(problem)"
        }
    }
}
