import Glibc
import Synchronization
import System
import Testing

struct ThreadTests {
    @Test func aRingGetsAThreadOutOfPoll() throws {
        let wakeup = try Wakeup()
        let ready = Ready()
        let thread = try WorkerThread("poll") {
            var waiting = pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&waiting, 1, 60_000)
            ready.descriptors.withLock { $0 = count }
        }
        wakeup.ring()
        wakeup.ring()
        thread.join()
        #expect(ready.descriptors.withLock { $0 } == 1)
    }

    private final class Ready: Sendable {
        let descriptors = Mutex<Int32>(0)
    }
}
