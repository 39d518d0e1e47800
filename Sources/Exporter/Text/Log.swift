// The log: one line per event on standard error, as logfmt or JSON. Changes of state are logged, repeated failures are
// not. A line is written whole, and a standard error that is full, closed or slow loses lines but never stops the
// program.

import Glibc
import Synchronization

/// Writes structured lines to standard error.
final class Log: Sendable {
    enum Level: String, Sendable, CaseIterable, Comparable {
        case debug, info, warn, error

        static func < (left: Level, right: Level) -> Bool {
            let order = Level.allCases
            return order.firstIndex(of: left)! < order.firstIndex(of: right)!
        }
    }

    enum Format: String, Sendable, CaseIterable {
        case logfmt, json
    }

    /// A named value of a line.
    typealias Field = (name: String, value: String)

    private let level: Level
    private let format: Format
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes one whole line, its line feed included.
    init(
        level: Level = .info, format: Format = .logfmt,
        write: @escaping @Sendable ([UInt8]) -> Void = Log.writeToStandardError
    ) {
        self.level = level
        self.format = format
        self.write = write
    }

    /// For what happens all the time: the fields are put together only where somebody wants to read them.
    func debug(_ message: String, _ fields: @autoclosure () -> [Field] = []) {
        if level == .debug { line(.debug, message, fields()) }
    }

    func info(_ message: String, _ fields: [Field] = []) { line(.info, message, fields) }
    func warn(_ message: String, _ fields: [Field] = []) { line(.warn, message, fields) }
    func error(_ message: String, _ fields: [Field] = []) { line(.error, message, fields) }

    private func line(_ level: Level, _ message: String, _ fields: [Field]) {
        guard level >= self.level else { return }
        let time = Timestamp.now.rfc3339
        let all = [Field("time", time), Field("level", level.rawValue), Field("msg", message)] + fields
        switch format {
        case .json:
            write(JSON.object(all.map { ($0.name, .string($0.value)) }).bytes + [UInt8(ascii: "\n")])
        case .logfmt:
            let pairs = all.map { "\($0.name)=\(Self.quoted($0.value))" }
            write(Array((pairs.joined(separator: " ") + "\n").utf8))
        }
    }

    /// A logfmt value: quoted as in JSON when it is more than one plain word.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" && !$0.isHidden }
        return isPlain && !value.isEmpty ? value : String(decoding: JSON.string(value).bytes, as: UTF8.self)
    }

    /// Loses the line when standard error would not take it at once. A line beyond ``mostBytes`` is cut.
    static func writeToStandardError(_ bytes: [UInt8]) {
        let bytes = bytes.count > mostBytes ? Array(bytes.prefix(mostBytes - 1)) + [UInt8(ascii: "\n")] : bytes
        var waiting = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&waiting, 1, 0) == 1, waiting.revents & Int16(POLLOUT) != 0 else { return }
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// A pipe that is ready takes that much without waiting (PIPE_BUF, pipe(7)).
    private static let mostBytes = 4096
}
