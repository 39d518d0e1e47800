import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

@testable import Exporter

/// The filter itself, on a thread that is given up for it.
@Suite struct SystemCallFilterTests {
    /// The error of each call, 0 where it works.
    private typealias Errors = [String: Int32]

    /// Runs calls on a thread of its own, under the filter.
    private func underFilter(_ calls: @escaping @Sendable () -> Errors) async throws -> Errors {
        let result = Mutex<Result<Errors, SystemCallFilter.Refused>?>(nil)
        let thread = Thread {
            SystemCalls.giveUpNewPrivileges()
            let outcome = Result { () throws(SystemCallFilter.Refused) -> Errors in
                try SystemCallFilter.install(everyThread: false)
                return calls()
            }
            result.withLock { $0 = outcome }
        }
        thread.start()
        try await eventually("the thread is done") { result.withLock { $0 != nil } }
        return try #require(result.withLock { $0 }).get()
    }

    @Test func dangerousCallsDoNotExist() async throws {
        let errors = try await underFilter {
            func error(_ status: Int32) -> Int32 { status < 0 ? errno : 0 }
            var errors = Errors(
                uniqueKeysWithValues: SystemCalls.dangerous.map { ($0.name, SystemCalls.error(of: $0.number)) })
            errors["fork"] = error(fork())
            errors["create a file"] = error(unsafe open("/tmp/sidelong-never", O_CREAT | O_WRONLY, 0o600))
            errors["write a file"] = error(unsafe open("/etc/hostname", O_RDWR))
            errors["packet socket"] = error(socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0))
            errors["signal"] = error(kill(getpid(), 0))
            errors["chmod"] = error(unsafe chmod("/tmp", 0o777))
            return errors
        }
        #expect(errors.count == SystemCalls.dangerous.count + 6)
        for (call, error) in errors { #expect(error == ENOSYS, "\(call)") }
    }

    @Test func whatIsNeededWorks() async throws {
        let errors = try await underFilter {
            var errors = Errors()
            let file = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
            errors["open"] = file < 0 ? errno : 0
            close(file)
            for family in [AF_UNIX, AF_INET] {
                let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
                errors["socket \(family)"] = descriptor < 0 ? errno : 0
                close(descriptor)
            }
            var identifier = pthread_t()
            let status = unsafe pthread_create(&identifier, nil, { _ in nil }, nil)
            errors["thread"] = status
            if status == 0 { pthread_join(identifier, nil) }
            return errors
        }
        #expect(errors == ["open": 0, "socket \(AF_UNIX)": 0, "socket \(AF_INET)": 0, "thread": 0])
    }
}
