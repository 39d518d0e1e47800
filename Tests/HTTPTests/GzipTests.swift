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

    /// On this machine there is ISA-L, and without it there is zlib.
    static let engines = [true, false]

    private func compressed(_ bytes: [UInt8], _ usesISAL: Bool) throws -> [UInt8] {
        var deflater = Deflater(usingISAL: usesISAL)
        let segment = try deflater.segment(bytes)
        if !bytes.isEmpty { #expect(deflater.isFast == usesISAL) }
        return Gzip.join([segment])
    }

    @Test(arguments: engines) func wholePageComesBack(usesISAL: Bool) async throws {
        let stream = try compressed(Self.page, usesISAL)
        #expect(stream.count < Self.page.count / 4)
        #expect(try await decompressed(stream) == Self.page)
    }

    @Test(arguments: engines) func nothingComesBackAsNothing(usesISAL: Bool) async throws {
        #expect(try await decompressed(Gzip.join([])) == [])
        #expect(try await decompressed(try compressed([], usesISAL)) == [])
    }

    /// Flush points anywhere, and parts of both compressors in one stream.
    @Test(arguments: 0..<8) func joinedSegmentsComeBack(round: Int) async throws {
        var even = Deflater(usingISAL: round % 2 == 0)
        var odd = Deflater(usingISAL: round < 4)
        var segments: [GzipSegment] = []
        var start = 0
        while start < Self.page.count {
            let end = min(Self.page.count, start + Int.random(in: 0...[10, 1000, 20000, 100_000][round % 4]))
            let part = Array(Self.page[start..<end])
            segments.append(try segments.count % 2 == 0 ? even.segment(part) : odd.segment(part))
            start = end
        }
        #expect(segments.reduce(0) { $0 + $1.length } == Self.page.count)
        #expect(try await decompressed(Gzip.join(segments)) == Self.page)
    }

    /// Repeated, random and mixed bytes of every size around the sizes at which something changes.
    @Test(arguments: engines) func everySizeComesBack(usesISAL: Bool) async throws {
        var deflater = Deflater(usingISAL: usesISAL)
        var segments: [GzipSegment] = []
        var all: [UInt8] = []
        for size in Array(0...40) + [255, 4096, 16384, 16385, 32768, 65535, 65536, 65537, 200_000] {
            for kind in 0..<3 {
                let bytes = (0..<size).map { index in
                    kind == 0 || kind == 2 && index / 700 % 2 == 0 ? UInt8(97 + size % 26) : UInt8.random(in: 0...127)
                }
                segments.append(try deflater.segment(bytes))
                all += bytes
            }
        }
        #expect(try await decompressed(Gzip.join(segments)) == all)
    }

    /// A reader of other people's making finds the same bytes; Prometheus and curl read pages in tests of their own.
    @Test(arguments: engines) func pythonReadsIt(usesISAL: Bool) async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("page.gz")
        try Data(try compressed(Self.page, usesISAL)).write(to: URL(fileURLWithPath: file))
        let script = "import sys,zlib; sys.stdout.buffer.write(zlib.decompress(open(sys.argv[1],'rb').read(), 31))"
        let python = try ServerProcess("python3", ["-c", script, file], in: folder)
        #expect(try await python.exitStatus() == 0)
        #expect(Array(python.output.utf8) == Self.page)
    }

    @Test(arguments: engines) func segmentsAreIndependentOfTheirOrderAndCompressor(usesISAL: Bool) async throws {
        let first = Array("first \(String(repeating: "a", count: 5000))\n".utf8)
        let second = Array("second \(String(repeating: "a", count: 5000))\n".utf8)
        var deflater = Deflater(usingISAL: usesISAL)
        let a = try deflater.segment(first)
        let b = try deflater.segment(second)
        var other = Deflater(usingISAL: usesISAL)
        #expect(try other.segment(second) == b)
        #expect(try await decompressed(Gzip.join([b, a, b])) == second + first + second)
    }

    @Test(arguments: engines) func bytesThatDoNotCompressComeBack(usesISAL: Bool) throws {
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255) }
        let segment = try compressed(noise, usesISAL)
        #expect(segment.count > noise.count)
        #expect(segment.count < noise.count + 200)
    }
}
