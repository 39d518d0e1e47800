import Glibc
import Synchronization
import System
import TestKit
import Testing

@testable import Capture

/// Each in a network namespace of its own, so that nobody else's interfaces come and go; needs CAP_SYS_ADMIN.
@Suite struct InterfaceWatchTests {
    /// Runs something on a thread that has moved to a new namespace; programs that it starts are there too.
    private func inNewNamespace<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let thread = try WorkerThread("namespace") {
            let value = Result {
                try Self.leaveNamespace()
                return try body()
            }
            result.withLock { $0 = value }
        }
        thread.join()
        return try #require(result.withLock { $0 }).get()
    }

    /// unshare(2), which Glibc's module leaves out.
    private static func leaveNamespace() throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        let newNetwork: Int32 = 0x4000_0000
        let address = try unsafe #require(dlsym(nil, "unshare"))
        let unshare = unsafe unsafeBitCast(address, to: Unshare.self)
        try #require(unshare(newNetwork) == 0, "no network namespace: error \(errno)")
    }

    private static func ip(_ arguments: [String]) throws {
        let result = try ServerProcess.run("ip", arguments)
        try #require(result.status == 0, "ip \(arguments): \(result.output)")
    }

    @Test func eachChangeIsNewsOnce() throws {
        let seen = try inNewNamespace {
            guard let news = LinkNews() else { return [Bool]() }
            var seen = [news.take()]
            for change in [
                ["link", "add", "a0", "type", "veth", "peer", "name", "a1"], ["link", "set", "a0", "up"],
                ["link", "set", "a1", "name", "b1"], ["link", "delete", "a0"], ["address", "show"],
            ] {
                try Self.ip(change)
                seen += [news.take(), news.take()]
            }
            return seen
        }
        #expect(seen == [false, true, false, true, false, true, false, true, false, false, false])
    }

    /// More changes than the socket has room for.
    @Test func whoHasNotListenedForLongHearsOfIt() throws {
        let seen = try inNewNamespace {
            guard let news = LinkNews() else { return [Bool]() }
            let changes = (0..<2000).map { "link set lo \($0.isMultiple(of: 2) ? "up" : "down")\n" }.joined()
            let folder = try TemporaryFolder()
            try Self.ip(["-batch", try folder.write(changes, to: "changes")])
            return [news.take(), news.take()]
        }
        #expect(seen == [true, false])
    }

    /// A list that was made anew would lie elsewhere than the one that is still held.
    @Test func withoutNewsTheListIsThatOfBefore() throws {
        let (isKept, isNew) = try inNewNamespace {
            var watch = InterfaceWatch()
            let (first, second) = (watch.look() ?? [], watch.look() ?? [])
            try Self.ip(["link", "set", "lo", "up"])
            let third = watch.look() ?? []
            let isKept = first.span.isIdentical(to: second.span)
            let isNew = !first.span.isIdentical(to: third.span)
            return (isKept, isNew)
        }
        #expect(isKept && isNew)
    }

    /// Who tells of changes may have stopped telling.
    @Test func aListIsTrustedForAMinute() throws {
        let (isKept, isNew) = try inNewNamespace {
            var watch = InterfaceWatch()
            let start = ContinuousClock.now
            let first = watch.look(at: start) ?? []
            let second = watch.look(at: start + .seconds(59)) ?? []
            let third = watch.look(at: start + .seconds(60)) ?? []
            let isKept = first.span.isIdentical(to: second.span)
            let isNew = !first.span.isIdentical(to: third.span)
            return (isKept, isNew)
        }
        #expect(isKept && isNew)
    }

    @Test func itsDescriptorTellsOfNews() throws {
        let answers = try inNewNamespace {
            var watch = InterfaceWatch()
            func isReadable() -> Bool {
                var descriptor = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
                return unsafe poll(&descriptor, 1, 0) == 1
            }
            var answers = [isReadable()]
            try Self.ip(["link", "set", "lo", "up"])
            answers.append(isReadable())
            watch.hear()
            return answers + [isReadable(), watch.look()?.map(\.isUp) == [true]]
        }
        #expect(answers == [false, true, false, true])
    }

    @Test func everyLookHasWhatThereIs() throws {
        let names = try inNewNamespace {
            var watch = InterfaceWatch()
            func look() -> [String]? { watch.look()?.map { $0.isUp ? $0.name : "(\($0.name))" } }
            var names = [look()]
            try Self.ip(["link", "set", "lo", "up"])
            names += [look(), look()]
            try Self.ip(["link", "add", "a0", "type", "veth", "peer", "name", "a1"])
            return names + [look()]
        }
        #expect(names == [["(lo)"], ["lo"], ["lo"], ["(a0)", "(a1)", "lo"]])
    }
}
