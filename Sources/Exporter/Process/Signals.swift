// Signals as a sequence of events: SIGTERM, SIGINT and SIGQUIT end the program, SIGHUP re-reads the configuration.

import Glibc
import Synchronization

/// The signals that the daemon acts on.
enum Signal: Sendable {
    case terminate
    case reload

    private static let meanings: [(number: Int32, meaning: Signal)] = [
        (SIGTERM, .terminate), (SIGINT, .terminate), (SIGQUIT, .terminate), (SIGHUP, .reload),
    ]

    /// Signals that end a process by default and mean nothing here.
    private static let ignored =
        [SIGPIPE, SIGXFSZ, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT]
        + realTime
    /// From SIGRTMIN to SIGRTMAX, without the two that glibc has for itself (signal(7)).
    private static let realTime: ClosedRange<Int32> = 34...64

    /// The signals that are held back for the main thread, and what it does with one of them.
    private struct Watch: Sendable {
        let numbers: [Int32]
        let handle: @Sendable (Int32) -> Void
    }

    private static let watch = Mutex<Watch?>(nil)

    /// Every signal from now on, in order, as ``waitForever()`` receives them. The process no longer dies of them, nor
    /// of a broken pipe, a log file at its limit, or what people send to find out about a process.
    ///
    /// To be called before there is a second thread: threads started later hold the signals back as this one does.
    static func received() -> AsyncStream<Signal> {
        for number in ignored { signal(number, SIG_IGN) }
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        hold(meanings.map(\.number)) { number in
            if let (_, meaning) = meanings.first(where: { $0.number == number }) { continuation.yield(meaning) }
        }
        return signals
    }

    /// Holds signals back; ``waitForever()`` handles them, on the main thread. To be called before there is a second
    /// thread.
    static func hold(_ numbers: [Int32], _ handle: @escaping @Sendable (Int32) -> Void) {
        var held = set(of: numbers)
        unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
        watch.withLock { $0 = Watch(numbers: numbers, handle: handle) }
    }

    /// What the main thread does while others work: it hands on the signals that are held back, if any are.
    static func waitForever() -> Never {
        guard let watch = watch.withLock({ $0 }) else {
            while true { pause() }
        }
        var (held, number) = (set(of: watch.numbers), Int32(0))
        while true {
            if unsafe sigwait(&held, &number) == 0 { watch.handle(number) }
        }
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}
