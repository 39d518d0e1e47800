import Metrics
import Testing

@testable import Host

/// Every decoder is given each of its files cut off at every byte. What it makes of the beginning of a file may be
/// nothing, but never another number than the whole file has.
@Suite struct TruncationTests {
    /// Decodes a text to named numbers; nil when the decoder refuses it.
    typealias Decoding = @Sendable (Text) -> [String: Double]?

    struct Case: CustomTestStringConvertible, Sendable {
        let decoder: String
        let files: [String]
        let decode: Decoding

        var testDescription: String { decoder }
    }

    static let cases = [
        Case(decoder: "memory", files: Trees.machines.map { "\($0)/proc/meminfo" }) {
            MemoryInfo.samples(from: $0)?.numbers
        },
        Case(decoder: "load", files: Trees.machines.map { "\($0)/proc/loadavg" }) {
            LoadAverage.samples(from: $0)?.numbers
        },
        Case(decoder: "network devices", files: Trees.machines.map { "\($0)/proc/net/dev" }) {
            NetworkDevices.samples(from: $0)?.numbers
        },
        Case(decoder: "pressure", files: ["hybrid/proc/pressure/io", "v2-container/proc/pressure/memory"]) {
            Pressure.resources[2].samples(from: $0)?.numbers
        },
        Case(decoder: "processor times", files: Trees.machines.map { "\($0)/proc/stat" }) { text in
            CPUTimes(text).map { named("ticks", $0.ticks.map { Double($0) }) }
        },
        Case(decoder: "boot time", files: Trees.machines.map { "\($0)/proc/stat" }) { text in
            ProcessFigures.bootTime(in: text).map { ["boot": Double($0)] }
        },
        Case(
            decoder: "cgroup counters",
            files: [
                "hybrid/cgroup/memory/system.slice/sidelong.service/memory.stat", "v2-container/cgroup/memory.stat",
                "v2-container/cgroup/cpu.stat", "v2-container/cgroup/memory.events",
                "v1-docker/cgroup/memory/memory.stat", "v1-docker/cgroup/cpu,cpuacct/cpu.stat",
            ]
        ) { text in
            let names = ["inactive_file", "oom_kill", "usage_usec", "throttled_time"]
            return CgroupCounters(text, names).map { counters in
                var numbers: [String: Double] = [:]
                for name in names { numbers[name] = counters[name].map { Double($0) } }
                return numbers
            }
        },
        Case(
            decoder: "memory limit",
            files: ["v2-container/cgroup/memory.max", "v1-docker/cgroup/memory/memory.limit_in_bytes"]
        ) { text in
            CgroupLimit(memory: text).map { named("limit", [$0.value ?? -1]) }
        },
        Case(decoder: "processor limit", files: ["v2-container/cgroup/cpu.max"]) { text in
            CgroupLimit(cpuMax: text).map { named("limit", [$0.value ?? -1]) }
        },
        Case(decoder: "process", files: ["processes/proc/812/stat", "processes/proc/813/stat"]) { text in
            ProcessStat(text).map {
                named(
                    "stat",
                    [$0.cpuTicks, $0.threads, $0.startTicks, $0.virtualBytes, $0.residentPages].map { Double($0) })
            }
        },
        Case(decoder: "resident pages", files: ["processes/proc/812/statm"]) { text in
            ProcessFigures.residentPages(in: text).map { ["pages": Double($0)] }
        },
        Case(decoder: "limits", files: ["processes/proc/812/limits"]) { text in
            ProcessLimits(text).map { limits in
                var numbers: [String: Double] = [:]
                numbers["files"] = limits.openFiles.map { Double($0) }
                numbers["space"] = limits.addressSpace.map { Double($0) }
                return numbers
            }
        },
        Case(decoder: "octets", files: ["hybrid/proc/net/netstat"]) { text in
            NetworkOctets(text).map { named("octets", [Double($0.received), Double($0.sent)]) }
        },
        Case(decoder: "listening sockets", files: ["processes/proc/net/tcp", "processes/proc/net/tcp6"]) { text in
            named("inode", ListeningSockets.inodes(onPort: 7391, in: text).map { Double($0) })
        },
    ]

    @Test(arguments: cases)
    func aFileCutOffGivesNoOtherNumbers(_ given: Case) throws {
        for file in given.files {
            let bytes = Array(try Trees.text(file).utf8)
            let whole = try #require(given.decode(Text(bytes[...])), "\(file)")
            #expect(!whole.isEmpty, "\(file)")
            for length in 0..<bytes.count {
                guard let part = given.decode(Text(bytes[..<length])) else { continue }
                for (name, number) in part where whole[name] != number {
                    Issue.record("\(file), first \(length) bytes: \(name) is \(number)")
                }
            }
        }
    }

    @Test(arguments: cases)
    func bytesThatAreNoTextAreRefusedOrGiveNothing(_ given: Case) {
        let noise = (0..<4096).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
        for length in [1, 7, 64, 1000, 4096] {
            let numbers = given.decode(Text(noise[..<length] + [UInt8(ascii: "\n")])) ?? [:]
            #expect(numbers.isEmpty, "\(length) bytes")
        }
    }

    @Test func membershipAndMountsCutOffNameNoOtherPaths() throws {
        for machine in Trees.machines {
            let cgroup = Array(try Trees.text("\(machine)/proc/self/cgroup").utf8)
            let membership = try #require(CgroupMembership(Text(cgroup[...])))
            for length in 0..<cgroup.count {
                guard let part = CgroupMembership(Text(cgroup[..<length])) else { continue }
                #expect(part.paths.allSatisfy { membership.paths[$0] == $1 })
                #expect(part.unifiedPath == nil || part.unifiedPath == membership.unifiedPath)
            }
            let mountinfo = Array(try Trees.text("\(machine)/proc/self/mountinfo").utf8)
            let mounts = try #require(CgroupMounts(Text(mountinfo[...]))).mounts
            for length in 0..<mountinfo.count {
                guard let part = CgroupMounts(Text(mountinfo[..<length]))?.mounts else { continue }
                #expect(part == Array(mounts.prefix(part.count)))
            }
        }
    }
}

/// Numbers under the same name, told apart by their position.
private func named(_ name: String, _ numbers: [Double]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ("\(name) \($0)", $1) })
}
