// Any bytes as a file of procfs: its families are absent, or make a page that can be read.

import Metrics

@testable import Host

func fuzzProcFiles(_ input: inout FuzzInput) {
    let kind = input.byte() % 10
    let bytes = input.rest()
    let text = Text(bytes[...])
    switch kind {
    case 0: check(MemoryInfo.samples(from: text))
    case 1: checkTimes(bytes)
    case 2: check(LoadAverage.samples(from: text))
    case 3: for resource in Pressure.resources { check(resource.samples(from: text)) }
    case 4: check(NetworkDevices.samples(from: text))
    case 5: _ = NetworkOctets(text)
    case 6: checkProcess(text)
    case 7: precondition(ListeningSockets.inodes(onPort: 6379, in: text).count <= Array(text.lines).count)
    case 8:
        let isServer = RedisServerNames.isServerTitle(text)
        precondition(isServer || !RedisServerNames.isServerTitle(text, onPort: 6379))
    default: _ = RedisServerNames.isServerProgram(text.string, runningAs: "redis-server")
    }

    func check(_ samples: Samples?) {
        if let samples { PageCheck.check(samples, madeFrom: bytes.count) }
    }
}

/// Two readings one after the other: no mode falls behind by less than a restart would.
private func checkTimes(_ bytes: [UInt8]) {
    let halves = bytes.split(separator: 0, maxSplits: 1)
    var earlier: CPUTimes?
    for half in halves {
        guard let times = CPUTimes(Text(half))?.steadied(after: earlier) else { continue }
        var samples = Samples()
        times.add(to: &samples)
        PageCheck.check(samples, madeFrom: bytes.count)
        earlier = times
    }
    _ = ProcessFigures.bootTime(in: Text(bytes[...]))
}

private func checkProcess(_ text: Text) {
    _ = ProcessLimits(text)
    _ = ProcessFigures.residentPages(in: text)
    guard let stat = ProcessStat(text) else { return }
    precondition(text.bytes.contains(UInt8(ascii: ")")))
    precondition(Double(stat.cpuTicks) >= 0)
}
