import Testing

@testable import Capture

/// When packets are kept whole, and when short.
@Suite struct SnapChoiceTests {
    private static let ring = 4 << 20
    private static let part: UInt64 = 512 << 10

    /// A capture and its clock.
    private struct Course {
        private let start = ContinuousClock.now
        private var milliseconds = 0
        private var counts = SnapChoice.Counts()
        private var choice: SnapChoice

        init() {
            choice = SnapChoice(ring: ring, at: start)
        }

        var isWhole: Bool { choice.isWhole }

        /// Lets so many bytes of excess pass, with this in them.
        mutating func pass(
            _ excess: UInt64 = part, packets: UInt64 = 10, arrived: UInt64 = 0, settled: UInt64 = 0, blind: UInt64 = 0,
            in milliseconds: Int
        ) {
            counts.excess += excess
            counts.packets += packets
            counts.arrived += arrived
            counts.settled += settled
            counts.blind += blind
            self.milliseconds += milliseconds
            choice.look(counts, at: start + .milliseconds(self.milliseconds))
        }
    }

    @Test func largeValuesAreKeptShortWhenTheyComeFast() {
        var course = Course()
        course.pass(arrived: 5, in: 25)
        #expect(!course.isWhole)
        course.pass(arrived: 5, in: 249)
        #expect(!course.isWhole)
    }

    @Test func theyAreKeptWholeWhereTheRingHasRoom() {
        var course = Course()
        course.pass(arrived: 5, in: 26)
        #expect(course.isWhole)
        // They have become fewer, or there are none any more.
        for (excess, time) in [(Self.part, 250), (100, 1_000)] {
            course.pass(arrived: 5, in: 5)
            #expect(!course.isWhole)
            course.pass(excess, arrived: 5, in: time)
            #expect(course.isWhole)
        }
        // What is little is looked at once a second.
        course.pass(arrived: 5, in: 5)
        course.pass(100, in: 999)
        #expect(!course.isWhole)
    }

    @Test func pipelinesAreKeptWhole() {
        var course = Course()
        for _ in 0..<9 {
            course.pass(packets: 12, arrived: 12_000, in: 1)
            #expect(course.isWhole)
            // Their replies, as of GET.
            course.pass(packets: 12, settled: 1_200, in: 1)
            #expect(course.isWhole)
        }
        // One command a packet is seen in any case, however many there are.
        course.pass(packets: 1_000, arrived: 1_000, settled: 1_000, in: 1)
        #expect(!course.isWhole)
    }

    @Test func packetsAreWholeForAMinuteAfterCommandsWereLost() {
        var course = Course()
        course.pass(arrived: 5, in: 5)
        course.pass(arrived: 5, blind: 4, in: 5)
        #expect(!course.isWhole)
        course.pass(arrived: 5, blind: 5, in: 5)
        #expect(course.isWhole)
        for _ in 0..<59 {
            course.pass(arrived: 5, in: 5)
            #expect(course.isWhole)
            course.pass(0, in: 1_000)
        }
        course.pass(0, in: 1_000)
        course.pass(arrived: 5, in: 5)
        #expect(!course.isWhole)
    }
}
