import Metrics
import Testing

@testable import Host

@Suite struct DecoderTests {
    @Test func anOldKernelHasNoAvailableMemoryAndNoUsedOne() throws {
        let samples = try #require(MemoryInfo.samples(from: Text("MemTotal: 100 kB\nSwapTotal: 0 kB\n")))
        #expect(samples.numbers == ["system_memory_total_bytes": 102400, "system_swap_total_bytes": 0])
    }

    @Test(arguments: ["", "nonsense\n", "MemFree: 1 kB\n", "MemTotal: x kB\n", "MemTotal: 12 MB\n", "MemTotal: 12\n"])
    func memoryThatMakesNoSenseIsRefused(text: String) {
        #expect(MemoryInfo.samples(from: Text(text)) == nil)
    }

    @Test func processorTimeIsSecondsByMode() throws {
        let times = try #require(CPUTimes(Text("cpu  100 2 3 4 5 6 7 8 9 10\ncpu0 1\ncpu1 1\nintr 5\ncpufreq 1\n")))
        var samples = Samples()
        times.add(to: &samples)
        #expect(samples.value("system_cpu_seconds_total", "user") == 100 / SystemUnits.ticksPerSecond)
        #expect(samples.value("system_cpu_seconds_total", "steal") == 8 / SystemUnits.ticksPerSecond)
        #expect(samples.value("system_cpu_seconds_total", "guest") == nil)
        #expect(samples.value("system_cpus") == 2)
    }

    @Test(arguments: ["", "intr 1\n", "cpu\n", "cpu  1 x 3\n", "cpu  1 2 3"])
    func processorTimesThatMakeNoSenseAreRefused(text: String) {
        #expect(CPUTimes(Text(text)) == nil)
    }

    @Test func aModeThatStepsBackALittleStandsStill() throws {
        let earlier = try #require(CPUTimes(Text("cpu 100 0 0 500 40\n")))
        let later = try #require(CPUTimes(Text("cpu 120 0 0 499 39\n")))
        #expect(later.steadied(after: earlier).ticks == [120, 0, 0, 500, 40])
    }

    @Test func aModeThatStartsAgainIsShownAsItIs() throws {
        let earlier = try #require(CPUTimes(Text("cpu 100 0 0 100000\n")))
        let later = try #require(CPUTimes(Text("cpu 1 0 0 20\n")))
        #expect(later.steadied(after: earlier).ticks[3] == 20)
    }

    @Test(arguments: ["", "\n", "0.1 0.2\n", "a b c\n", "0.1 0.2 0.3"])
    func loadsThatMakeNoSenseAreRefused(text: String) {
        #expect(LoadAverage.samples(from: Text(text)) == nil)
    }

    @Test func pressureIsInSecondsAndOldKernelsHaveNoFullLine() throws {
        let text = Text("some avg10=0.02 avg60=0.31 avg300=0.25 total=3174439\n")
        let samples = try #require(Pressure.resources[1].samples(from: text))
        #expect(samples.numbers == ["system_pressure_memory_waiting_seconds_total": 3.174439])
    }

    @Test(arguments: ["", "full total=1\n", "some avg10=0.00\n", "some total=\n", "some total=-1\n"])
    func pressureThatMakesNoSenseIsRefused(text: String) {
        #expect(Pressure.resources[1].samples(from: Text(text)) == nil)
    }

    @Test func aDeviceNameMayTouchItsNumbersAndHoldAColon() throws {
        let text = "Inter-|\n face |\neth0:1:3882133129 7 1 2 0 0 0 0 10 11 12 13 0 0 0 0\n"
        let samples = try #require(NetworkDevices.samples(from: Text(text)))
        #expect(samples.value("system_network_receive_bytes_total", "eth0:1") == 3_882_133_129)
        #expect(samples.value("system_network_receive_dropped_total", "eth0:1") == 2)
        #expect(samples.value("system_network_transmit_dropped_total", "eth0:1") == 13)
    }

    @Test(arguments: ["", "Inter-|\n", "a\nb\nno colon\n", "a\nb\n  eth0: 1 2 3\n", "a\nb\n : 1\n"])
    func devicesThatMakeNoSenseAreRefused(text: String) {
        #expect(NetworkDevices.samples(from: Text(text)) == nil)
    }

    @Test func limitsAreFoundByNameAndUnlimitedIsTheLargestNumber() throws {
        let limits = try #require(ProcessLimits(Text(try Trees.text("processes/proc/812/limits"))))
        #expect(limits.openFiles == 20000)
        #expect(limits.addressSpace == .max)
        #expect(ProcessLimits(Text("Max open files   many   many files\n")) == nil)
        #expect(ProcessLimits(Text(""))?.openFiles == nil)
    }

    @Test func octetsAreFoundByName() throws {
        let octets = try #require(NetworkOctets(Text("IpExt: A InOctets OutOctets\nIpExt: 1 2 3\n")))
        #expect(octets.received == 2)
        #expect(octets.sent == 3)
        #expect(NetworkOctets(Text("IpExt: InOctets OutOctets\nIpExt: 2\n")) == nil)
        #expect(NetworkOctets(Text("IpExt: InOctets OutOctets\n")) == nil)
    }
}
