// A sleep of a program that has nothing else to do meanwhile.

import Glibc

enum Pause {
    /// Blocks its thread for all of the time, whatever signals come.
    static func sleep(for time: Duration) {
        let end = ContinuousClock.now + time
        while .now < end {
            let (seconds, attoseconds) = ContinuousClock.now.duration(to: end).components
            var rest = timespec(tv_sec: max(0, Int(seconds)), tv_nsec: max(0, Int(attoseconds / 1_000_000_000)))
            _ = unsafe nanosleep(&rest, nil)
        }
    }
}
