import TestKit
import Testing

@Suite struct FlatnessTests {
    /// A figure that swings by 3 around 20, on its way there for the first minute, and grows by `leak` a minute.
    private func figure(leak: Double) -> [Double] {
        (0..<300).map { second in
            min(Double(second) / 3, 20) + Double(second * 7 % 4) + leak * Double(second) / 60
        }
    }

    @Test func swingsAndTheWayUpAreNoLeak() throws {
        let flatness = try #require(Flatness(of: figure(leak: 0), allowance: 0.5))
        #expect(flatness.isFlat)
        #expect(flatness.early == 20 && flatness.late == 20)
    }

    @Test func aLeakIsFoundInAllThatSwings() throws {
        #expect(try #require(Flatness(of: figure(leak: 1), allowance: 0.5)).isFlat == false)
        #expect(try #require(Flatness(of: figure(leak: 0.1), allowance: 0.5)).isFlat)
    }

    @Test func nothingIsNoVerdict() {
        #expect(Flatness(of: [], allowance: 1) == nil)
        #expect(Flatness(of: [1], allowance: 1) == nil)
    }
}
