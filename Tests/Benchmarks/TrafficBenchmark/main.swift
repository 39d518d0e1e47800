// What one command costs: GET and SET, one at a time, from many connections, packet decoding included. Built by hand:
//   swift build -c release --product TrafficBenchmark
//   .build/release/TrafficBenchmark [commands] [keys] [connections] [rounds]

import Glibc
import Traffic

let arguments = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
func argument(_ place: Int, _ standard: Int) -> Int { place < arguments.count ? arguments[place] : standard }
let (commands, keys, connections) = (argument(0, 2_000_000), argument(1, 100_000), argument(2, 50))
let rounds = argument(3, 5)

func peakMemory() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss >> 10
}

let traffic = SyntheticTraffic(commands: commands, keys: keys, connections: connections)
let before = peakMemory()
var times: [Double] = []
var paired: UInt64 = 0
for _ in 0..<rounds {
    var engine = TrafficEngine(TrafficSettings())
    let interface = engine.addInterface("memory")
    let elapsed = ContinuousClock().measure {
        traffic.forEach { frame, stamp in
            engine.process(frame, originalLength: frame.count, at: stamp, link: .ethernet, interface: interface)
        }
    }
    paired = engine.snapshot().pairedCommands
    times.append(Double(elapsed / .nanoseconds(1)) / Double(commands))
}
times.sort()
print("commands     \(paired) of \(commands) paired, \(keys) keys, \(connections) connections, \(rounds) rounds")
print("per command  \(Int(times[0])) ns at best, \(Int(times[rounds / 2])) ns median")
print("throughput   \(Int(1e6 / times[rounds / 2])) thousand commands per second, median")
print("memory       \(peakMemory() - before) MiB more than the \(before) MiB of packets at peak")
