// The machine's clock as people set it. It can be set back, so nothing is measured with it but what carries its stamps.

import CThreads  // timespec belongs to it
import Glibc

public enum WallClock {
    /// The time since 1970 in UTC (`clock_gettime(2)`, CLOCK_REALTIME); seconds are negative before that.
    public static var now: (seconds: Int, nanoseconds: Int) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return (time.tv_sec, time.tv_nsec)
    }
}
