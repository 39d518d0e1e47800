import Metrics

extension Samples {
    /// The numbers of a family by their label values, joined with blanks; empty ones are left out, as on the page.
    func numbersByLabels(_ descriptor: Descriptor) -> [String: Int] {
        var result: [String: Int] = [:]
        for sample in self[descriptor] {
            guard case .number(let value) = sample.value else { continue }
            result[sample.labels.filter { !$0.isEmpty }.joined(separator: " ")] = Int(value)
        }
        return result
    }
}
