// What a page costs: merging the families of a poll and writing them, for pages of several sizes, beside a copy of the
// page; and how many bytes it has in each format.
//
//   swift run -c release PageBenchmark [SAMPLES...]

import Metrics

/// Three quarters histograms of 15 lines, one quarter counters, with the labels that such families have.
func makeSamples(_ count: Int) -> Samples {
    let latency = Descriptor(
        .histogram, "redis_key_command_duration_seconds", labels: ["key_group", "command", "source"], help: "Latency.")
    let commands = Descriptor(.counter, "redis_commands_total", labels: ["cmd", "command"], help: "Commands.")
    var histogram = Histogram(.latency)
    var places: [Int: UInt64] = [:]
    for microseconds: UInt64 in 0..<1000 {
        histogram.record(microseconds * 1000)
        places[NativeScale.shared.place(of: microseconds * 1000), default: 0] += 1
    }
    let value = HistogramValue(
        buckets: histogram.buckets, counts: histogram.counts, sum: histogram.value.sum,
        native: NativeHistogram(places.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    var samples = Samples(bounded: false)
    for index in 0..<count / 20 {
        let labels = ["user:*:profile\(index / 4)", "command\(index % 4)", "wire"]
        samples.add(latency, Sample(labels: labels, value: .histogram(value)))
    }
    for index in 0..<count / 4 { samples.add(commands, Double(index * 1000), "command\(index)", "command\(index)") }
    return samples
}

/// The median time of one call, in nanoseconds.
func median(_ body: () -> Int) -> Double {
    let times = (0..<51).map { _ in
        let start = ContinuousClock.now
        precondition(body() > 0)
        return start.duration(to: .now) / .nanoseconds(1)
    }
    return times.sorted()[times.count / 2]
}

/// Text at the right of a column.
func column(_ text: String, width: Int = 12) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func column(_ number: Double) -> String { column("\((number * 10).rounded() / 10)") }

let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
print("  samples       merge and write      merge       text  OpenMetrics     protobuf   copy of the page")
for size in sizes.isEmpty ? [2_000] : sizes {
    let samples = makeSamples(size)
    let exposition = Exposition([.init(samples)])
    let page = exposition.page(in: .text)
    let lines = Double(page.count { $0 == UInt8(ascii: "\n") })
    let merge = median { Exposition([.init(samples)]).families.count } / lines
    let text = median { exposition.page(in: .text).count } / lines
    let openMetrics = median { exposition.page(in: .openMetrics).count } / lines
    let protobuf = median { exposition.page(in: .protobuf).count } / lines
    let copy = median {
        var copy = page
        copy[0] = 0
        return copy.count
    }
    print(
        "\(column("\(Int(lines))", width: 9)) \(column(merge + text)) ns a sample \(column(merge)) \(column(text)) "
            + "\(column(openMetrics)) \(column(protobuf)) \(column(copy / lines)) ns")
    let sizes = ExpositionFormat.allCases.map { "\($0) \(exposition.page(in: $0).count)" }
    print("          bytes: \(sizes.joined(separator: ", "))")
}
