// `sidelong top [URL]`: what a running Sidelong measures, live in a terminal, or printed for scripts.

import System

/// How `top` is to show what it finds.
struct Top: Sendable {
    private let source: TopSource
    private let interval: Duration
    private let isOnce: Bool
    private let isJSON: Bool
    private let session: TopSession?

    /// To be called before there is a second thread.
    ///
    /// - Throws: where a live view is asked for without a terminal.
    init(
        _ arguments: Arguments, _ settings: Settings, _ environment: [String: String]
    ) throws(ConfigurationError) {
        source = try TopSource(arguments.operands.first, settings)
        isOnce = arguments.has(.once)
        isJSON = arguments.value(of: .topFormat) == "json"
        interval = arguments.value(of: .interval).flatMap { Duration($0) } ?? (isOnce ? .seconds(5) : .seconds(2))
        guard !isOnce, !isJSON else {
            session = nil
            return
        }
        guard Terminal.isThere else {
            throw ConfigurationError("top: standard input or output is no terminal; allowed: --once, --format=json")
        }
        session = try TopSession(source, Terminal.abilities(environment))
    }

    /// What is printed where there is no live view.
    typealias Printing = (String) throws(ConfigurationError) -> Void

    /// Blocks its thread until the end.
    ///
    /// - Throws: ``ServerProblem`` when the first page cannot be had.
    func run(_ show: Printing) throws {
        let first = try source.look().get()
        if let session {
            session.run(first, every: interval)
        } else {
            try report(first, show)
        }
    }

    private func report(_ first: SeriesPage, _ show: Printing) throws {
        var figures = TopFigures()
        figures.take(first, at: Timestamp.now.seconds)
        var times = SampleTimes(first)
        var looks = 0
        while true {
            Semaphore().wait(for: interval)
            let page = try source.look().get()
            figures.take(page, at: Timestamp.now.seconds)
            let newer = SampleTimes(page)
            looks += 1
            let isNewer = newer.areNewer(than: times, for: Self.collectors(of: page))
            if isOnce && looks < Self.mostLooks && !isNewer { continue }
            times = newer
            let view = TopView(interval: interval)
            let text =
                isJSON
                ? String(decoding: TopReport.json(figures, view, at: .now), as: UTF8.self)
                : TopReport.text(figures, view)
            try show(text)
            if isOnce { return }
        }
    }

    /// The collectors that have to be asked once more before there are figures to print.
    private static func collectors(of page: SeriesPage) -> [String] {
        let wire = page["redis_command_duration_seconds_bucket", ["source": "wire"]]
        return ["wire", "redis", "pgbouncer"] + (wire.isEmpty ? ["redis_latency_histogram"] : [])
    }

    /// A source may be asked less often than the page is looked at.
    private static let mostLooks = 4
}
