import Foundation
import TestKit
import Testing

@testable import HTTP

/// Compressed pages, read back by the gzip program.
@Suite struct GzipTests {
    /// Something like a page of metrics.
    private static let page: [UInt8] = Array(
        (0..<3000).map { "redis_commands_total{cmd=\"command\($0 % 97)\",user=\"u\($0)\"} \($0 * 7919)\n" }
            .joined().utf8)

    /// Runs `gzip -dc` over the stream; fails when it does.
    private func decompressed(_ stream: [UInt8]) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = folder.path("page.gz")
        try Data(stream).write(to: URL(fileURLWithPath: file))
        let gzip = try ServerProcess("gzip", ["-dc", file], in: folder)
        #expect(try await gzip.exitStatus() == 0)
        return Array(gzip.output.utf8)
    }

    private func compressed(_ bytes: [UInt8], level: Int = 6) throws -> [UInt8] {
        var deflater = try Deflater(level: level)
        return Gzip.join([try deflater.segment(bytes)])
    }

    @Test(arguments: [1, 6, 9]) func wholePageComesBack(level: Int) async throws {
        let stream = try compressed(Self.page, level: level)
        #expect(stream.count < Self.page.count / 4)
        #expect(try await decompressed(stream) == Self.page)
    }

    @Test func nothingComesBackAsNothing() async throws {
        #expect(try await decompressed(Gzip.join([])) == [])
        #expect(try await decompressed(try compressed([])) == [])
    }

    @Test(arguments: 0..<4) func joinedSegmentsComeBack(round: Int) async throws {
        var deflater = try Deflater(level: 6)
        var segments: [GzipSegment] = []
        var start = 0
        while start < Self.page.count {
            let end = min(Self.page.count, start + Int.random(in: 0...[10, 1000, 20000, 100_000][round]))
            segments.append(try deflater.segment(Array(Self.page[start..<end])))
            start = end
        }
        #expect(segments.reduce(0) { $0 + $1.length } == Self.page.count)
        #expect(try await decompressed(Gzip.join(segments)) == Self.page)
    }

    @Test func segmentsAreIndependentOfTheirOrderAndCompressor() async throws {
        let first = Array("first \(String(repeating: "a", count: 5000))\n".utf8)
        let second = Array("second \(String(repeating: "a", count: 5000))\n".utf8)
        var deflater = try Deflater()
        let a = try deflater.segment(first)
        let b = try deflater.segment(second)
        var other = try Deflater()
        #expect(try other.segment(second) == b)
        #expect(try await decompressed(Gzip.join([b, a, b])) == second + first + second)
    }

    @Test func bytesThatDoNotCompressComeBack() throws {
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255) }
        let segment = try compressed(noise)
        #expect(segment.count > noise.count)
        #expect(segment.count < noise.count + 200)
    }

    @Test func levelsOutsideTheRangeAreTheNearest() throws {
        #expect(try compressed(Self.page, level: 99) == compressed(Self.page, level: 9))
        #expect(try compressed(Self.page, level: -5) == compressed(Self.page, level: 1))
    }
}
