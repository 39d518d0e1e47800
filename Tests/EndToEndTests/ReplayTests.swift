import Foundation
import TestKit
import Testing

/// `sidelong replay`: a capture file in, figures out.
@Suite struct ReplayTests {
    private func capture(_ format: CaptureFile.Format, port: UInt16 = 6379) throws -> (TemporaryFolder, String) {
        var file = CaptureFile(serverPort: port)
        let start: UInt64 = 1_700_000_000_000_000_000
        file.connect(50_000, at: start)
        for index in 1...100 {
            let stamp = start + UInt64(index) * 100_000_000
            let reply = index % 4 == 0 ? "$-1\r\n" : "$2\r\nhi\r\n"
            file.exchange(50_000, ["GET", "user:\(index):name"], reply, at: stamp, taking: 2_000_000)
            file.exchange(50_000, ["SET", "cart:\(index)", "x"], "+OK\r\n", at: stamp + 10_000_000, taking: 90_000)
        }
        file.exchange(
            50_000, ["INCR", "user:1:name"], "-ERR not an integer\r\n", at: start + 20_000_000_000, taking: 1000)
        let folder = try TemporaryFolder()
        return (folder, try folder.write(file.bytes(format), to: "capture.pcap"))
    }

    @Test(arguments: CaptureFile.Format.allCases)
    func everyFormatGivesThePage(format: CaptureFile.Format) async throws {
        let (folder, path) = try capture(format)
        let result = try await Sidelong.run(["replay", path])
        #expect(result.status == 0, "\(result.output)")
        let lines = Set(result.output.split(separator: "\n").map(String.init))
        #expect(lines.contains(#"sidelong_wire_requests_total{protocol="redis"} 201"#))
        let key = #"redis_key_command_duration_seconds_bucket{key_group="user:*:name",command="get",source="wire","#
        #expect(lines.contains(key + #"le="0.001"} 0"#))
        #expect(lines.contains(key + #"le="0.0025"} 100"#))
        #expect(lines.contains(#"redis_key_misses_total{key_group="user:*:name"} 25"#))
        #expect(lines.contains("# TYPE redis_key_command_duration_seconds histogram"))
        try folder.write(result.output, to: "page.txt")
        let promtool = try ServerProcess("sh", ["-c", "promtool check metrics < page.txt"], in: folder)
        #expect(try await promtool.exitStatus() == 0, "\(promtool.output)")
    }

    @Test func theTableIsSortedByTotalTime() async throws {
        let (folder, path) = try capture(.pcapngNanoseconds)
        let result = try await Sidelong.run(["replay", "--format=table", "--keys.group=cart:*=carts", path])
        #expect(result.status == 0, "\(result.output)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasSuffix("201 commands paired with their reply."))
        let groups = try #require(lines.firstIndex { $0.hasPrefix("Key group ") })
        let (first, second) = (lines[groups + 1], lines[groups + 2])
        #expect(first.hasPrefix("user:*:name"))
        #expect(first.contains(" 200.0 ms") || first.contains(" 200 ms"), "\(first)")
        #expect(first.contains("75 %"))
        #expect(first.hasSuffix("█"))
        #expect(second.hasPrefix("carts "))
        #expect(second.contains("90.0 µs"), "\(second)")
        #expect(result.output.contains("\nUser "))
        #expect(result.output.contains("default ERR"))
        #expect(!folder.url.path.isEmpty)
    }

    @Test(arguments: ["prometheus", "table"])
    func theRightPortIsNamedWhereNothingPassesTheGivenOne(format: String) async throws {
        let (folder, path) = try capture(.pcapNanoseconds, port: 7000)
        let result = try await Sidelong.run(["replay", "--format=\(format)", path])
        #expect(result.status == 0)
        let line = "sidelong: \(path): no packet on port 6379, RESP passes 7000: --wire.redis-ports=7000\n"
        #expect(result.output.contains(line), "\(result.output.suffix(300))")
        let right = try await Sidelong.run(["replay", "--wire.redis-ports=7000", path])
        #expect(!right.output.contains("no packet"))
        #expect(!folder.url.path.isEmpty)
    }

    @Test func thePortIsAnOption() async throws {
        let (folder, path) = try capture(.pcapMicroseconds, port: 7000)
        let other = try await Sidelong.run(["replay", path])
        #expect(other.output.contains(#"sidelong_wire_requests_total{protocol="redis"} 0"# + "\n"))
        let right = try await Sidelong.run(["replay", "--wire.redis-ports=7000", path])
        #expect(right.output.contains(#"sidelong_wire_requests_total{protocol="redis"} 201"# + "\n"))
        #expect(!folder.url.path.isEmpty)
    }

    /// Captures of several interfaces, by packet and one connection after the other.
    @Test func whatTwoInterfacesShowCountsOnce() async throws {
        var file = CaptureFile()
        for index in 0..<20 as Range<UInt16> {
            let (port, stamp) = (50_000 + index, 1_700_000_000_000_000_000 + UInt64(index) * 1_000_000)
            file.connect(port, at: stamp)
            file.exchange(port, ["GET", "user:\(index)"], "$-1\r\n", at: stamp + 20_000, taking: 90_000)
            file.close(port, at: stamp + 200_000)
        }
        let folder = try TemporaryFolder()
        let bridged = try folder.write(file.bytes(.pcapngNanoseconds, interfaces: 2), to: "bridged.pcapng")
        let cases = Project.root.appending(path: "Tests/Fixtures/traffic/cases")
        for (path, group) in [
            (bridged, "user:*"), (cases.appending(path: "3-short-connections-seen-twice.pcap").path, "k:*"),
        ] {
            let result = try await Sidelong.run(["replay", path])
            #expect(result.status == 0, "\(result.output)")
            let lines = Set(result.output.split(separator: "\n").map(String.init))
            #expect(lines.contains(#"redis_key_misses_total{key_group="\#(group)"} 20"#), "\(result.output)")
            #expect(lines.contains(#"redis_command_duration_seconds_count{command="get",source="wire"} 20"#))
        }
    }

    @Test func whatCannotBeReadEndsWithTwoAndOneLine() async throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("not a capture\n", to: "text")
        let cut = try folder.write(Array(CaptureFile().bytes(.pcapMicroseconds).prefix(20)), to: "cut")
        for arguments in [
            ["/no/such/file"], [text], [cut], [folder.url.path], [], [text, text], ["--format=xml", text],
        ] {
            let result = try await Sidelong.run(["replay"] + arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.output.hasPrefix("sidelong: "), "\(result.output)")
            #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
    }
}
