// What one command costs: GET and SET, one at a time and sixteen, from many connections, packet decoding included; and
// what memory the engine takes for a million keys and ten thousand connections. The same for requests of HTTP and for
// statements.
//   swift build -c release --product TrafficBenchmark
//   .build/release/TrafficBenchmark [commands] [rounds] [redis|http|http-memory|sql]
// Times are processor time, so that whatever else runs counts as little as it can.

import Glibc
import Traffic

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.compactMap { Int($0) }
let commands = numbers.first ?? 1_000_000
let rounds = numbers.dropFirst().first ?? 9
let chosen = arguments.filter { Int($0) == nil }

/// Resident memory in MiB (proc(5), statm).
func residentMemory() -> Double {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let pages = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")[1]
    return (Double(pages) ?? 0) * Double(getpagesize()) / 1_048_576
}

/// Gives to the system what is free (malloc_trim(3)): it would hide what is taken next.
func trimHeap() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
    _ = unsafe unsafeBitCast(symbol, to: Trim.self)(0)
}

/// The processor time of this process (clock_gettime(2), CLOCK_PROCESS_CPUTIME_ID).
func processorTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

func newEngine(hotKeys: Int = 0) -> TrafficEngine {
    var settings = TrafficSettings()
    try? settings.ports.add([80], of: .http)
    try? settings.ports.add([5432], of: .postgres)
    settings.redis.hotKeys = hotKeys
    var engine = TrafficEngine(settings)
    _ = engine.addInterface("memory")
    return engine
}

/// Runs all packets through an engine.
func run(_ traffic: SyntheticTraffic, through engine: inout TrafficEngine, at start: UInt64) -> Duration {
    let begin = processorTime()
    traffic.forEach(from: start) { frame, stamp in
        engine.process(frame, originalLength: frame.count, at: stamp, link: .ethernet, interface: 0)
    }
    return processorTime() - begin
}

/// Runs all packets through a new engine, which is handed to `body` afterwards.
func measure(
    _ traffic: SyntheticTraffic, hotKeys: Int = 0, _ body: (borrowing TrafficEngine) -> Void
) -> Duration {
    var engine = newEngine(hotKeys: hotKeys)
    let elapsed = run(traffic, through: &engine, at: SyntheticTraffic.start)
    body(engine)
    return elapsed
}

func speed(pipeline: Int) {
    let traffic = SyntheticTraffic(commands: commands, keys: 100_000, connections: 50, pipeline: pipeline)
    var times: [Double] = []
    var paired: UInt64 = 0
    for _ in 0..<rounds {
        let elapsed = measure(traffic) { paired = $0.snapshot().redis[0].pairedCommands }
        times.append(Double(elapsed / .nanoseconds(1)) / Double(commands))
    }
    times.sort()
    let median = times[rounds / 2]
    print("speed: \(paired) of \(commands) commands paired, -P \(pipeline), 100000 keys, 50 connections")
    print("       ns per command: \(Int(times[0])) at best, \(Int(median)) median, \(Int(times[rounds - 1])) at worst")
    print("       \(Int(1e6 / median)) thousand commands per second, median")
    let elapsed = measure(traffic, hotKeys: 20) { _ in }
    print("       \(Int(Double(elapsed / .nanoseconds(1)) / Double(commands))) ns per command with --keys.hot=20")
}

func memory() {
    let traffic = SyntheticTraffic(commands: 1_000_000, keys: 1_000_000_000, connections: 10_000)
    let before = residentMemory()
    var after = 0.0
    var connections = 0
    _ = measure(traffic, hotKeys: 20) { engine in
        after = residentMemory()
        connections = engine.snapshot().redis[0].connections
    }
    let mebibytes = Int((after - before).rounded(.up))
    print("memory: \(mebibytes) MiB after 1000000 commands, each on a key of its own, over \(connections) connections")
}

/// Requests as a capture meets them, in a ring of 4 MiB; and more than any cache holds, which tells what memory costs.
func httpSpeed() {
    let requests = commands / 4
    for (place, atOnce) in [("in a ring", 2_000), ("in memory", requests)] {
        var times: [Double] = []
        var answered: UInt64 = 0
        var (count, size) = (0, 0)
        for _ in 0..<rounds {
            var engine = newEngine()
            var gateway = SyntheticHTTP(paths: 1_000, connections: 50)
            var (elapsed, stamp) = (Duration.zero, SyntheticTraffic.start)
            count = 0
            while count < requests {
                count == 0 ? gateway.make(atOnce) : gateway.proceed(by: atOnce)
                elapsed += run(gateway.traffic, through: &engine, at: stamp)
                stamp += SyntheticTraffic.spacing * UInt64(gateway.traffic.count)
                size = gateway.traffic.size
                count += atOnce
            }
            answered = engine.snapshot().http?.requests ?? 0
            times.append(Double(elapsed / .nanoseconds(1)) / Double(count))
        }
        times.sort()
        print("http:   \(answered) of \(count) requests answered, heads of 400 bytes, answers of 1 KiB, 50 connections")
        print("        \(place) of \(size >> 20) MiB")
        print("        ns per request: \(Int(times[0])) at best, \(Int(times[rounds / 2])) median")
        print("        \(Int(1e6 / times[0])) thousand requests per second at best")
    }
}

func httpMemory() {
    var gateway = SyntheticHTTP(paths: 100_000, connections: 10_000)
    gateway.make(200_000)
    trimHeap()
    let before = residentMemory()
    var after = 0.0
    _ = measure(gateway.traffic) { _ in after = residentMemory() }
    print("        \(Int((after - before).rounded(.up))) MiB after 100000 different paths over 10000 connections")
}

func sqlSpeed(_ name: String, _ traffic: SyntheticTraffic) {
    var times: [Double] = []
    var answered: UInt64 = 0
    for _ in 0..<rounds {
        let elapsed = measure(traffic) { answered = $0.snapshot().postgres.first?.statements ?? 0 }
        times.append(Double(elapsed / .nanoseconds(1)) / Double(commands))
    }
    times.sort()
    print("sql:    \(answered) of \(commands) \(name) answered, 50 connections")
    print("        ns per statement: \(Int(times[0])) at best, \(Int(times[rounds / 2])) median")
    print("        \(Int(1e6 / times[0])) thousand statements per second at best")
}

func sqlMemory() {
    let traffic = SyntheticTraffic.executions(10_000, connections: 10_000, names: 50)
    trimHeap()
    let before = residentMemory()
    var after = 0.0
    _ = measure(traffic) { _ in after = residentMemory() }
    print("        \(Int((after - before).rounded(.up))) MiB for 10000 connections with 50 prepared statements each")
}

if chosen.isEmpty || chosen.contains("redis") {
    speed(pipeline: 1)
    speed(pipeline: 16)
    memory()
}
if chosen.isEmpty || chosen.contains("http") { httpSpeed() }
if chosen.isEmpty || chosen.contains("http-memory") { httpMemory() }
if chosen.isEmpty || chosen.contains("sql") {
    sqlSpeed("simple queries", .simpleQueries(commands, connections: 50))
    sqlSpeed("executions", .executions(commands, connections: 50, names: 50))
    sqlMemory()
}
