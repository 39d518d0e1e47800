// What the process may do. Capturing needs CAP_NET_RAW for a moment at the start; after that Sidelong holds no capability
// at all, also when root runs it, and nothing it might start can gain one.

import CCapability
import Glibc

/// The capabilities of this process.
///
/// Linux keeps them per thread and threads inherit them, so all of this belongs before the first thread.
public enum Capabilities {
    private static let netRaw: UInt64 = 1 << UInt64(CAP_NET_RAW)
    private static let setPCap: UInt64 = 1 << UInt64(CAP_SETPCAP)

    /// Whether the process may raise CAP_NET_RAW: as root, by the file's `cap_net_raw+p`, or by an ambient set.
    public static var canCapture: Bool { sidelong_permitted_capabilities() & netRaw != 0 }

    /// Puts CAP_NET_RAW into effect, where it is permitted.
    static func raiseNetRaw() {
        let permitted = sidelong_permitted_capabilities()
        _ = sidelong_set_capabilities(permitted & netRaw, permitted)
    }

    /// Gives up every capability for good, and the right to gain one by starting a program.
    ///
    /// - Returns: false when the kernel refused, which it does not do to a process that gives something up.
    @discardableResult
    public static func dropAll() -> Bool {
        let permitted = sidelong_permitted_capabilities()
        if permitted & setPCap != 0 && sidelong_set_capabilities(setPCap, permitted) == 0 {
            // The bounding set: what a program that is started could gain. The kernel says which one is the last.
            var capability: UInt = 0
            while sidelong_prctl(PR_CAPBSET_DROP, capability, 0) == 0 { capability += 1 }
        }
        _ = sidelong_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0)
        let isBarred = sidelong_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) == 0
        return sidelong_set_capabilities(0, 0) == 0 && isBarred
    }
}
