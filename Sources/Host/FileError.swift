// Why a file of the kernel gave no facts. Much of it is no failure: a kernel without a feature simply lacks the file.

import Metrics

/// The one error of this room; each case names the file.
enum FileError: Error, Equatable {
    /// There is no such file, or its kernel feature is switched off, or its process has ended.
    case absent(String)
    /// This process may not read it.
    case denied(String)
    /// Reading it failed for another reason, given in the kernel's words.
    case unreadable(String, String)
    /// It was read, and makes no sense or is cut off.
    case malformed(String)

    /// The same in the terms of a collector.
    var failure: CollectorFailure {
        switch self {
        case .absent(let path):
            CollectorFailure(.unreadable, "\(path): no such file; is procfs where --host.procfs says?")
        case .denied(let path): CollectorFailure(.denied, "\(path): this user may not read it")
        case .unreadable(let path, let reason): CollectorFailure(.unreadable, "\(path): \(reason)")
        case .malformed(let path): CollectorFailure(.malformed, "\(path): not in the format of the Linux kernel")
        }
    }
}
