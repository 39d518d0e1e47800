import Testing

@testable import Metrics

@Suite struct ExpositionTests {
    @Test func renderingTwoThousandSamplesIsCheap() {
        let descriptor = Descriptor(.counter, "redis_commands_total", labels: ["cmd", "command"], help: "x")
        var samples = Samples()
        for i in 0..<2000 { samples.add(descriptor, Double(i), "command\(i)", "command\(i)") }
        let page = Exposition([.init(samples)]).page(in: .text)
        #expect(page.count > 2000)
    }
}
