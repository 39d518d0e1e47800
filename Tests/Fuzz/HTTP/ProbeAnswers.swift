// What a server answers to a question of ours, in pieces of any size: it is taken, or refused.

@testable import HTTP

func fuzzProbeAnswers(_ input: inout FuzzInput) {
    let size = Int(input.byte()) + 1
    let bytes = input.rest()
    func read(inPiecesOf size: Int) -> [UInt8]? {
        var reader = AnswerReader(mostBytes: 1 << 16)
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                if try reader.take(Array(rest.prefix(size))) { break }
                rest = rest.dropFirst(size)
            }
            return try reader.body()
        } catch {
            return nil
        }
    }
    let body = read(inPiecesOf: size)
    precondition((body?.count ?? 0) <= bytes.count)
}
