// Why packets cannot be had, said so that an operator knows what to do next.

/// A capture that cannot begin or go on.
public enum CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The process has no CAP_NET_RAW.
    case noCapability
    /// The file's link layer is not one that the traffic engine knows.
    case linkLayer(String, name: String)
    /// A file cannot be read, or is no capture.
    case file(String, reason: String)
    /// The system has no thread, descriptor or memory left.
    case resources(String)

    public var description: String {
        switch self {
        case .noCapability:
            "capturing needs the capability CAP_NET_RAW: `setcap cap_net_raw+p` on the binary with NET_RAW granted to "
                + "the container, or root; --wire.interfaces=off does without"
        case .linkLayer(let name, let link): "\(name): the link layer \(link) is not supported"
        case .file(let path, let reason): "\(path): \(reason)"
        case .resources(let reason): "the capture cannot start: \(reason)"
        }
    }
}
