// What the process may do. Capturing needs CAP_NET_RAW for a moment at the start; after that Sidelong holds no
// capability at all, also when root runs it, and nothing it might start can gain one.

import CCapability
import Glibc

/// The capabilities of this process.
///
/// Linux keeps them per thread and threads inherit them, so all of this belongs before the first thread.
public enum Capabilities {
    private static let netRaw: UInt64 = 1 << UInt64(CAP_NET_RAW)
    private static let setPCap: UInt64 = 1 << UInt64(CAP_SETPCAP)

    /// Whether the calling thread has any capability that it could use.
    public static var areHeld: Bool { sidelong_permitted_capabilities() != 0 }

    /// Puts CAP_NET_RAW into effect where it is permitted: to root, by the file's `cap_net_raw+p`, or by an ambient
    /// set.
    static func raiseNetRaw() {
        let permitted = sidelong_permitted_capabilities()
        _ = sidelong_set_capabilities(permitted & netRaw, permitted)
    }

    /// Gives up every capability for good, and the right to gain one by starting a program.
    ///
    /// The kernel lets everyone give something up; a system-call filter may not. ``areHeld`` tells.
    public static func dropAll() {
        let permitted = sidelong_permitted_capabilities()
        if permitted & setPCap != 0 && sidelong_set_capabilities(setPCap, permitted) == 0 {
            // The bounding set: what a program that is started could gain. The kernel says which one is the last.
            var capability: UInt = 0
            while sidelong_prctl(PR_CAPBSET_DROP, capability, 0) == 0 { capability += 1 }
        }
        _ = sidelong_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0)
        _ = sidelong_prctl(PR_SET_NO_NEW_PRIVS, 1, 0)
        _ = sidelong_set_capabilities(0, 0)
    }
}
