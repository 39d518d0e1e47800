// What a page of 2,000 sample lines costs: merging the families of a poll, writing them, and both formats beside memcpy.
//
//   swift run -c release PageBenchmark

import Metrics

/// 100 histograms of 15 lines and 500 counters, with the labels that such families have.
func makeSamples() -> Samples {
    let latency = Descriptor(
        .histogram, "redis_key_command_duration_seconds", labels: ["key_group", "command", "source"], help: "Latency.")
    let commands = Descriptor(.counter, "redis_commands_total", labels: ["cmd", "command"], help: "Commands.")
    var histogram = Histogram(.latency)
    for microseconds: UInt64 in 0..<1000 { histogram.record(microseconds * 1000) }
    var samples = Samples()
    for index in 0..<100 {
        let labels = ["user:*:profile\(index / 4)", "command\(index % 4)", "wire"]
        samples.add(latency, Sample(labels: labels, value: .histogram(histogram.value)))
    }
    for index in 0..<500 { samples.add(commands, Double(index * 1000), "command\(index)", "command\(index)") }
    return samples
}

/// The median time of one call, in microseconds.
func median(_ body: () -> Int) -> Double {
    let times = (0..<301).map { _ in
        let start = ContinuousClock.now
        precondition(body() > 0)
        return start.duration(to: .now) / .microseconds(1)
    }
    return times.sorted()[times.count / 2]
}

let samples = makeSamples()
let exposition = Exposition([.init(samples)])
let page = exposition.page(in: .text)
print("page: \(page.count) bytes, \(page.count { $0 == UInt8(ascii: "\n") }) lines")
print("merge:                 \(median { Exposition([.init(samples)]).families.count }) us")
print("write text 0.0.4:      \(median { exposition.page(in: .text).count }) us")
print("write OpenMetrics:     \(median { exposition.page(in: .openMetrics).count }) us")
let copy = median {
    var copy = page
    copy[0] = 0
    return copy.count
}
print("copy of the page:      \(copy) us")
