// Signals as a sequence of events: SIGTERM and SIGINT end the program, SIGHUP re-reads the configuration.

import Glibc
import Synchronization

/// The signals that the daemon acts on.
enum Signal: Sendable {
    case terminate
    case reload

    private static let meanings: [(number: Int32, meaning: Signal)] = [
        (SIGTERM, .terminate), (SIGINT, .terminate), (SIGHUP, .reload),
    ]

    /// Signals that end a process by default and mean nothing here.
    private static let ignored = [SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR]

    private static let receiver = Mutex<AsyncStream<Signal>.Continuation?>(nil)

    /// Every signal from now on, in order, as ``waitForever()`` receives them. The process no longer dies of them, nor
    /// of a broken pipe, a log file at its limit, or what people send to find out about a process.
    ///
    /// To be called before there is a second thread: threads started later hold the signals back as this one does.
    static func received() -> AsyncStream<Signal> {
        for number in ignored { signal(number, SIG_IGN) }
        var held = set
        unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        receiver.withLock { $0 = continuation }
        return signals
    }

    /// What the main thread does while others work: it hands on the signals that are held back, if any are.
    static func waitForever() -> Never {
        guard let receiver = receiver.withLock({ $0 }) else {
            while true { pause() }
        }
        var (held, number) = (set, Int32(0))
        while true {
            guard unsafe sigwait(&held, &number) == 0 else { continue }
            if let (_, meaning) = meanings.first(where: { $0.number == number }) { receiver.yield(meaning) }
        }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for (number, _) in meanings { unsafe sigaddset(&set, number) }
        return set
    }
}
