// A soak run: load, faults and scrapes at once, and then a verdict on what Sidelong has exported of itself.
//
//     Soak SECONDS
//
// It fails when memory, threads or descriptors do not stay flat, when a scrape is refused or waits for a server, or when
// a server that is back is not watched again.

import Foundation
import Glibc
import TestKit

@main
struct Soak {
    static func main() async throws {
        guard CommandLine.arguments.count == 2, let seconds = Int(CommandLine.arguments[1]), seconds >= 20 else {
            print("usage: Soak SECONDS, 20 at the least")
            exit(2)
        }
        let scene = try await Scene()
        let load = try Load(on: scene)
        let scrapes = Scrapes(port: scene.sidelong.port)
        let troubles = try await trouble(scene, until: .now + .seconds(seconds), isShort: seconds < 120)
        let report = try Report(scene, scrapes.tally, troubles)
        scrapes.stop()
        load.stop()
        scene.sidelong.process.send(SIGTERM)
        let status = try await scene.sidelong.process.exitStatus()
        print(report.text)
        print("status after SIGTERM: \(status)")
        if !report.isGood || status != 0 {
            print(scene.sidelong.process.output.suffix(4000))
            exit(1)
        }
    }

    /// Lets one trouble after the other happen until the time is over.
    ///
    /// - Returns: how many there were.
    private static func trouble(
        _ scene: Scene, until end: ContinuousClock.Instant, isShort: Bool
    ) async throws -> Int {
        let (length, calm) = isShort ? (Duration.seconds(1), Duration.seconds(1)) : (.seconds(4), .seconds(4))
        var count = 0
        while true {
            try await Task.sleep(for: calm)
            guard .now < end else { return count }
            try await Trouble.all[count % Trouble.all.count].happen(in: scene, for: length)
            count += 1
        }
    }
}
