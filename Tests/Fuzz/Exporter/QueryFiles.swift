// Any text as a queries file: it is read, with names that a page may have, or refused with lines that it has.

import Metrics
import Postgres

@testable import Exporter

func fuzzQueryFiles(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    guard let document = try? YAMLNode.parse(text) else { return }
    do throws(QueryFileError) {
        let queries = try CustomQuery.read(QueryDocument(document))
        for descriptor in queries.flatMap(\.descriptors) {
            var samples = Samples()
            guard descriptor.kind != .histogram else { continue }
            samples.add(descriptor, Sample(labels: descriptor.labels, value: .number(1)))
            PageCheck.check(samples, madeFrom: text.utf8.count * 4)
        }
    } catch {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
        precondition(error.problems.allSatisfy { 1...max(lines, 1) + 1 ~= $0.line })
    }
}
