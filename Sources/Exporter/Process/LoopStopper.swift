// How a test sees a loop of the program get stuck. Only debug builds can do it: the program that ships has no such
// switch.

import Glibc

/// Stops one loop for good.
struct LoopStopper: Sendable {
    private let loop: String

    /// The stopper that a debug build was asked for with `SIDELONG_STOP_LOOP`; nil otherwise.
    static func wanted(by environment: [String: String]) -> LoopStopper? {
        #if DEBUG
        environment["SIDELONG_STOP_LOOP"].map(LoopStopper.init)
        #else
        nil
        #endif
    }

    /// Never returns when the loop is the one to be stopped. The thread that it runs on stays stuck with it, and with
    /// that the other loops of that thread.
    func stop(_ name: String) {
        while name == loop { sleep(1) }
    }
}
