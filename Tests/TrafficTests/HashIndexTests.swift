import Testing

@testable import Traffic

@Suite struct HashIndexTests {
    @Test func positionsByHashSurviveRemovals() {
        var index = HashIndex()
        let hashes = (0..<500).map { Hasher64(seed: 7).hash(UInt64($0 % 250)) }
        for (position, hash) in hashes.enumerated() { index.insert(hash, position) }
        for position in stride(from: 0, to: 500, by: 2) { index.remove(hashes[position], position) }
        #expect(index.count == 250)
        for (position, hash) in hashes.enumerated() {
            #expect((index.find(hash) { $0 == position } != nil) == (position % 2 == 1))
        }
    }
}
