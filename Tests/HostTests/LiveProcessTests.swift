import Foundation
import Glibc
import Metrics
import TestKit
import Testing

@testable import Host

/// Processes of this machine: real servers that a test starts, and the test itself.
@Suite struct LiveProcessTests {
    /// A redis-server that accepts connections.
    private func redis(port: Int, in folder: TemporaryFolder) async throws -> ServerProcess {
        let process = try ServerProcess(
            "redis-server", ["--port", "\(port)", "--bind", "127.0.0.1", "--save", ""], in: folder)
        try await eventually("redis-server on port \(port)") { (try? RawSocket(port: port)) != nil }
        return process
    }

    private func collector(processID: Int? = nil, port: Int? = nil) -> RedisProcessCollector {
        let hint = RedisProcessHint(port: port)
        hint.report(processID: processID)
        return RedisProcessCollector(hint: hint)
    }

    @Test func aRealServerIsFoundByNumberAndByPort() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let server = try await redis(port: port, in: folder)
        let byNumber = try await collector(processID: Int(server.identifier)).samples()
        let byPort = try await collector(port: port).samples()
        for samples in [byNumber, byPort] {
            #expect(samples.names == Set(RedisProcessCollector.all.map(\.name)))
            #expect(try #require(samples.value("redis_process_resident_memory_bytes")) > 1_000_000)
            #expect(try #require(samples.value("redis_process_open_fds")) > 3)
            #expect(try #require(samples.value("redis_process_threads")) >= 1)
            let age = Date().timeIntervalSince1970 - (try #require(samples.value("redis_process_start_time_seconds")))
            #expect(age > -5 && age < 3600)
        }
        #expect(byNumber.value("redis_process_start_time_seconds") == byPort.value("redis_process_start_time_seconds"))
    }

    @Test func aServerThatEndsIsAbsentAndItsSuccessorIsFound() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let collector = collector(port: port)
        var server = try await redis(port: port, in: folder)
        #expect(try await !collector.samples().families.isEmpty)
        server.kill()
        #expect(try await collector.samples().families.isEmpty)
        server = try await redis(port: port, in: folder)
        try await eventually("the new server") { try await !collector.samples().families.isEmpty }
        withExtendedLifetime(server) {}
    }

    @Test func anotherUsersDescriptorsAreAbsentAndTheRestIsThere() async throws {
        let port = try freePort()
        let server = try await redis(port: port, in: try TemporaryFolder())
        let readAsRoot = getuid() == 0
        // The test itself may be another user already; then the first process of the machine is the other user's.
        let number = readAsRoot ? server.identifier : 1
        let facts = try withoutPrivileges { try ProcessFacts(of: "/proc/\(number)", with: FileReader()) }
        #expect(facts.openDescriptors == nil)
        #expect(facts.limits?.openFiles != nil)
        #expect(facts.residentPages > 0)
        if readAsRoot { #expect(try ProcessFacts(of: "/proc/\(number)", with: FileReader()).openDescriptors != nil) }
    }

    @Test func anotherUsersServerIsFoundByItsTitle() async throws {
        let port = try freePort()
        let server = try await redis(port: port, in: try TemporaryFolder())
        let found = try withoutPrivileges {
            RedisProcessFinder(procfs: "/proc", files: FileReader()).find(.init(port: UInt16(port)))
        }
        #expect(found == Int(server.identifier))
    }

    @Test func aDeniedFileIsDenied() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x\n", to: "secret")
        #expect(unsafe chmod(path, 0) == 0)
        #expect(throws: FileError.denied(path)) {
            try withoutPrivileges { _ = try FileReader().read(path) { $0.line?.string } }
        }
        #expect(FileError.denied(path).failure.reason == .denied)
    }

    @Test func theTestItselfIsRead() throws {
        let process = SelfProcess()
        let samples = process.samples()
        #expect(samples.names == Set(SelfProcess.all.map(\.name)))
        #expect(try #require(samples.value("process_resident_memory_bytes")) > 1_000_000)
        #expect(try #require(samples.value("process_virtual_memory_bytes")) > 1_000_000)
        #expect(try #require(samples.value("process_cpu_seconds_total")) >= 0)
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(7), &limit)
        #expect(samples.value("process_max_fds") == Double(limit.rlim_cur))
        let age = Date().timeIntervalSince1970 - (try #require(samples.value("process_start_time_seconds")))
        #expect(age > -5 && age < 86400)
        #expect(process.samples().value("process_start_time_seconds") == samples.value("process_start_time_seconds"))
    }

    @Test func manyDescriptorsAreCountedToo() async throws {
        let script = "ulimit -n 4000; for i in {100..1699}; do eval \"exec $i</dev/null\"; done; exec sleep 600"
        let process = try ServerProcess("bash", ["-c", script], in: try TemporaryFolder())
        // Three of its own, at least, and one thousand and six hundred.
        try await eventually("1,600 descriptors") {
            (1603..<1700).contains(try FileReader().descriptorCount(in: "/proc/\(process.identifier)/fd"))
        }
    }
}

/// Runs `body` as a user who may do nothing; the rest of the process keeps its user.
///
/// Only the calling thread changes, and only for access to files (setfsuid(2)), so `body` must not suspend.
private func withoutPrivileges<Value>(_ body: () throws -> Value) throws -> Value {
    typealias SetUser = @convention(c) (UInt32) -> Int32
    let symbol = unsafe try #require(unsafe dlsym(nil, "setfsuid"))
    let setUser = unsafe unsafeBitCast(symbol, to: SetUser.self)
    _ = setUser(65534)
    defer { _ = setUser(getuid()) }
    return try body()
}
