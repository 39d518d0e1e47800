// A soak run: load, faults and scrapes at once, and then a verdict on what Sidelong has exported of itself.
//
//     Soak SECONDS
//
// It fails when memory, threads or descriptors do not stay flat, when a scrape is refused or waits for a server, or
// when a server that is back is not watched again.

import Foundation
import Glibc
import TestKit

@main
struct Soak {
    static func main() async {
        guard CommandLine.arguments.count == 2, let seconds = Int(CommandLine.arguments[1]), seconds >= 20 else {
            print("usage: Soak SECONDS, 20 at the least")
            exit(2)
        }
        do {
            // Whatever was started has ended when this returns or throws; exit ends nothing.
            exit(try await isGood(seconds) ? 0 : 1)
        } catch {
            print("the run was broken off: \(error)")
            exit(1)
        }
    }

    private static func isGood(_ seconds: Int) async throws -> Bool {
        let scene = try await Scene()
        let load = try Load(on: scene)
        let scrapes = Scrapes(port: scene.sidelong.port)
        let troubles: Result<Int, any Error>
        do {
            troubles = .success(try await trouble(scene, scrapes, for: .seconds(seconds)))
        } catch {
            troubles = .failure(error)
        }
        scrapes.stop()
        await load.stop()
        let report = try Report(scene, scrapes.tally, try troubles.get())
        scene.sidelong.process.send(SIGTERM)
        let status = try await scene.sidelong.process.exitStatus()
        print(report.text)
        print("status after SIGTERM: \(status)")
        let isGood = report.isGood && status == 0
        if !isGood { print("\(scrapes.tally.failures.prefix(20))\n\(scene.sidelong.process.output.suffix(4000))") }
        return isGood
    }

    /// Lets one trouble after the other happen until the time is over, and for up to ten times as long if that is too
    /// few of them.
    ///
    /// - Returns: how many there were.
    private static func trouble(_ scene: Scene, _ scrapes: Scrapes, for time: Duration) async throws -> Int {
        let (length, calm) =
            time < .seconds(120) ? (Duration.seconds(1), Duration.seconds(1)) : (.seconds(3), .seconds(2))
        let start = ContinuousClock.now
        var count = 0
        while true {
            try await Task.sleep(for: calm)
            let isEnough = count >= Report.fewestTroubles && scrapes.tally.answers >= Report.fewestAnswers
            guard .now < start + time * (isEnough ? 1 : 10) else { return count }
            try await Trouble.all[count % Trouble.all.count].happen(in: scene, for: length)
            count += 1
        }
    }
}
