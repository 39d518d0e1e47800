// Signals as a sequence of events: SIGTERM and SIGINT end the program, SIGHUP re-reads the configuration.

import Dispatch
import Glibc

/// The signals that the program acts on.
enum Signal: Sendable {
    case terminate
    case reload

    /// Every signal from now on, in order. The process no longer dies of them, nor of a broken pipe.
    static func received() -> AsyncStream<Signal> {
        signal(SIGPIPE, SIG_IGN)
        let meanings: [(number: Int32, meaning: Signal)] = [
            (SIGTERM, .terminate), (SIGINT, .terminate), (SIGHUP, .reload),
        ]
        let queue = DispatchQueue(label: "sidelong.signals")
        return AsyncStream { continuation in
            let sources = SignalSources(
                meanings.map { number, meaning in
                    signal(number, SIG_IGN)
                    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                    source.setEventHandler { continuation.yield(meaning) }
                    source.resume()
                    return source
                })
            continuation.onTermination = { _ in sources.cancel() }
        }
    }
}

/// The sources, which are safe to cancel from any thread but not declared so.
private final class SignalSources: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    init(_ sources: [any DispatchSourceSignal]) {
        self.sources = sources
    }

    func cancel() {
        sources.forEach { $0.cancel() }
    }
}
