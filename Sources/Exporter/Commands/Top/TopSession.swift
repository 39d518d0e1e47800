// `sidelong top` on a terminal: looks at the page again and again, draws what it finds, and does what keys and signals
// say. The page is asked for on another thread, so that a key works while a server does not answer.

import Glibc
import Synchronization
import System

/// One session, from the first picture to the last.
final class TopSession: Sendable {
    /// What comes from other threads.
    private struct News {
        var pages: [Result<SeriesPage, ServerProblem>] = []
        var signals: [Int32] = []
    }

    private let source: TopSource
    private let abilities: Screen.Abilities
    private let news = Mutex(News())
    private let bell: Wakeup
    private let asker = JobThread("look")

    /// Signals that end the session, and those that do something else to it.
    private static let ending = [
        SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,
        SIGPWR,
    ]
    private static let others = [SIGWINCH, SIGTSTP]

    /// Takes over the signals; to be called before there is a second thread.
    init(_ source: TopSource, _ abilities: Screen.Abilities) throws(ConfigurationError) {
        self.source = source
        self.abilities = abilities
        do throws(SystemError) {
            bell = try Wakeup()
        } catch {
            throw ConfigurationError("\(error)")
        }
        Signal.hold(Self.ending + Self.others) { [self] number in
            news.withLock { $0.signals.append(number) }
            bell.ring()
        }
    }

    /// Runs until the user or a signal ends it.
    ///
    /// - Parameters:
    ///   - first: the page that was there before the terminal was taken over.
    ///   - interval: between two looks, to begin with.
    func run(_ first: SeriesPage, every interval: Duration) {
        Terminal.enter()
        defer { Terminal.leave() }
        var state = State(view: TopView(interval: interval))
        state.figures.take(first, at: Timestamp.now.seconds)
        var next = ContinuousClock.now + interval
        while true {
            guard draw(state) else { return }
            if !state.isAsking, .now >= next {
                ask(&state)
                next = .now + state.view.interval
            }
            let pause = state.isAsking ? Duration.seconds(60) : ContinuousClock.now.duration(to: next)
            let isTyped = wait(atMost: max(.zero, pause))
            let (pages, signals) = news.withLock { news in
                defer { news = News() }
                return (news.pages, news.signals)
            }
            for page in pages { take(page, &state) }
            for number in signals {
                if Self.ending.contains(number) { return }
                if number == SIGTSTP { suspend() }
            }
            guard !isTyped || press(&state, &next) else { return }
        }
    }

    /// What changes while it runs.
    private struct State {
        var view: TopView
        var figures = TopFigures()
        var problem: String?
        var isAsking = false
    }

    private func ask(_ state: inout State) {
        state.isAsking = true
        asker.run { [self] in
            let page = source.look()
            news.withLock { $0.pages.append(page) }
            bell.ring()
        }
    }

    private func take(_ page: Result<SeriesPage, ServerProblem>, _ state: inout State) {
        state.isAsking = false
        switch page {
        case .success(let page):
            state.problem = nil
            state.figures.take(page, at: Timestamp.now.seconds)
        case .failure(let problem): state.problem = "no newer page: \(problem)"
        }
    }

    /// - Returns: false when that was the end.
    private func press(_ state: inout State, _ next: inout ContinuousClock.Instant) -> Bool {
        guard let bytes = Terminal.read() else { return false }
        for key in TopKey.keys(in: bytes) {
            switch state.view.press(key, TopRenderer.tables(state.figures)) {
            case .quit: return false
            case .lookNow: next = .now
            case .draw: next = min(next, .now + state.view.interval)
            }
        }
        return true
    }

    /// - Returns: whether there is something to read.
    private func wait(atMost pause: Duration) -> Bool {
        var sources = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let (seconds, attoseconds) = pause.components
        let milliseconds = min(60_000, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        _ = unsafe poll(&sources, nfds_t(sources.count), Int32(milliseconds))
        if sources[1].revents != 0 { bell.quiet() }
        return sources[0].revents != 0
    }

    /// Ctrl-Z: the shell gets its terminal, and it is taken again when the user comes back.
    private func suspend() {
        Terminal.leave()
        // To this thread: another one would let it go on for a moment.
        raise(SIGSTOP)
        Terminal.enter()
    }

    /// - Returns: false when the terminal is gone.
    private func draw(_ state: State) -> Bool {
        let (width, height) = Terminal.size
        let renderer = TopRenderer(
            view: state.view, figures: state.figures, source: source.name, problem: state.problem,
            clock: Timestamp.now.clock)
        return Terminal.write(renderer.screen(width: width, height: height, abilities).drawing)
    }
}
