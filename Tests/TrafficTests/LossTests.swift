// Captures that miss something, of traffic in which every reply says whose it is: no pair may be wrong, and as many as
// possible have to be found.

import Testing

@testable import Traffic

@Suite struct LossTests {
    static let sendings: [Sending] = [
        .rounds(1...1), .rounds(1...20), .rounds(64...64), .rounds(100...1_000), .longRounds(50...400),
        .anytime(mean: 15_000), .anytime(mean: 60_000), .anytime(mean: 400_000), .window(2), .window(8),
    ]
    static let faults: [CaptureFaults] = [
        CaptureFaults(), CaptureFaults(loss: 0.01), CaptureFaults(loss: 0.05), CaptureFaults(loss: 0.2),
        CaptureFaults(loss: 0.05, burst: 8), CaptureFaults(loss: 0.01, duplicates: 0.05, reordering: 0.05),
        CaptureFaults(lateBy: 0.3), CaptureFaults(loss: 0.02, lateBy: 0.3),
        CaptureFaults(requestCut: 300), CaptureFaults(requestCut: 2_000), CaptureFaults(requestCut: 16_000),
        CaptureFaults(replyCut: 2_000), CaptureFaults(loss: 0.01, requestCut: 2_000, replyCut: 2_000),
    ]

    static let seeds: ClosedRange<UInt64> = 1...4
    static let commands = 400

    struct Outcome {
        var measured = 0
        var visible = 0
        var wrong = 0
    }

    /// Runs a capture through an engine, and looks for pairs that are none.
    static func run(_ traffic: SimulatedTraffic, _ faults: CaptureFaults, seed: UInt64) throws -> Outcome {
        let capture = LossyCapture(traffic, faults, seed: seed)
        let patterns = try (0..<SimulatedTraffic.kinds).map { try KeyPattern("c\($0):*") }
        var bench = Bench { $0.redis.patterns = patterns }
        bench.feed(capture.packets)
        let figures = bench.figures
        #expect(figures.isBalanced)
        var outcome = Outcome(visible: capture.visiblePairs)
        let (requests, responses) = (
            figures.numbers(RedisTrafficFamilies.keyRequestBytes),
            figures.numbers(RedisTrafficFamilies.keyResponseBytes)
        )
        for kind in 0..<SimulatedTraffic.kinds {
            let name = "c\(kind):*"
            let count = figures.groups[name] ?? 0
            outcome.measured += count
            let isMissed = kind % 2 == 0
            let wrong = (isMissed ? figures.hits : figures.misses)[name] ?? 0
            outcome.wrong += wrong
            guard !faults.cuts, wrong == 0 else { continue }
            let expected = isMissed ? 5 * count : requests[name] ?? 0
            if responses[name] ?? 0 != expected { outcome.wrong += 1 }
        }
        return outcome
    }

    @Test(arguments: faults)
    func noPairIsWrong(faults: CaptureFaults) throws {
        for sending in Self.sendings {
            var total = Outcome()
            for seed in Self.seeds {
                let traffic = SimulatedTraffic(
                    sending, commands: Self.commands, segment: faults.cuts || seed % 3 == 0 ? 60_000 : 1_448,
                    answersAtOnce: seed % 2 == 0, repliesAreLines: !faults.cuts, seed: seed)
                let outcome = try Self.run(traffic, faults, seed: seed)
                total.measured += outcome.measured
                total.visible += outcome.visible
                total.wrong += outcome.wrong
            }
            #expect(total.wrong == 0, "\(sending)")
            #expect(total.measured <= total.visible, "\(sending)")
            if let least = Self.least(sending, faults) {
                #expect(Double(total.measured) >= least * Double(total.visible), "\(sending)")
            }
        }
    }

    /// What went wrong: a client that is hardly ever idle has waited twice by chance, or eight times and then thrice; a
    /// command is missing that is smaller than all before it.
    @Test(arguments: [(12, 1_000, 0.05), (160, 300, 0.05), (78, 400, 0.2)] as [(UInt64, Int, Double)])
    func whatWasSeenByChanceProvesLittle(seed: UInt64, commands: Int, loss: Double) throws {
        let traffic = SimulatedTraffic(
            .anytime(mean: 15_000), commands: commands, segment: seed % 3 == 0 ? 60_000 : 1_448, answersAtOnce: true,
            repliesAreLines: true, seed: seed)
        #expect(try Self.run(traffic, CaptureFaults(loss: loss), seed: seed).wrong == 0)
    }

    /// The part of the visible pairs that has to be found; nil where there may be no certain moment after a loss.
    private static func least(_ sending: Sending, _ faults: CaptureFaults) -> Double? {
        if faults.loss == 0 && faults.lateBy == 0 && !faults.cuts { return 1 }
        if case .rounds(1...1) = sending, faults.requestCut == .max { return faults.loss < 0.1 ? 0.9 : 0.75 }
        if case .rounds(1...20) = sending, faults.requestCut == 2_000, faults.loss == 0 { return 0.8 }
        return nil
    }
}
