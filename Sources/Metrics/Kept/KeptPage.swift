// A page is mostly the same after a poll as before: of 1,300 series some 100 have another value. So a page is kept as
// it was written, and only what differs is written again: a value in its place, or a family whose series have changed.
// Families are put in order again when one comes or goes.

/// The families of a page, sorted by name, each as it was written.
///
/// The bytes are those that an ``Exposition`` of the same contributions would write.
public struct KeptPage: Sendable {
    private var families: [KeptFamily] = []
    private var arrangement = Arrangement()
    private let admission: @Sendable (Descriptor) -> Admission
    private var scratch = PageBuffer()

    /// - Parameter admission: whether a family may be shown; asked once for each descriptor.
    public init(_ admission: @escaping @Sendable (Descriptor) -> Admission = { _ in .shown }) {
        self.admission = admission
    }

    /// How many families there are, those without a series included.
    public var count: Int { families.count }

    public func name(of family: Int) -> String { families[family].descriptor.name }

    /// Whether the newest update has changed what is written of a family.
    public func isChanged(_ family: Int) -> Bool { families[family].isChanged }

    /// The stretches of these families that belong together: those of many bytes that have not changed in so many
    /// updates, and what stands between them.
    public func stretches(of range: Range<Int>, calmFor updates: Int, ofAtLeast bytes: Int) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        // Where what is not yet in a stretch begins, and where the calm at its end does.
        var (start, calm, size) = (range.lowerBound, range.lowerBound, 0)
        func end(at next: Int) {
            guard calm < next, size >= bytes else { return }
            if start < calm { stretches.append(start..<calm) }
            stretches.append(calm..<next)
            start = next
        }
        for index in range {
            if families[index].calmUpdates >= updates {
                size += families[index].size
            } else {
                end(at: index)
                (calm, size) = (index + 1, 0)
            }
        }
        end(at: range.upperBound)
        if start < range.upperBound { stretches.append(start..<range.upperBound) }
        return stretches
    }

    /// Series that were left out, by family in the order of names: those that stood twice, and impossible ones.
    public var leftOut: [(family: String, series: Int)] {
        // By place: a family is dear to copy.
        families.indices.filter { families[$0].leftOut > 0 }.map { (name(of: $0), families[$0].leftOut) }
    }

    /// Takes in what all sources know now.
    ///
    /// - Returns: whether the families are still the same ones.
    public mutating func update(_ contributions: [Exposition.Contribution]) -> Bool {
        let isSame = arrangement.isThat(of: contributions) || !arrange(contributions)
        for contribution in contributions {
            let brought = contribution.families.span
            for place in brought.indices where !brought[place].samples.isEmpty {
                switch arrangement.place(of: brought[place].descriptor) {
                case .family(let number): families[number].take(contribution.portion(place))
                case .refused(let number): families[number].refuse(brought[place].samples.count)
                case .hidden, nil: break
                }
            }
        }
        for index in families.indices { families[index].endUpdate(using: &scratch) }
        scratch = PageBuffer()
        return isSame
    }

    /// Puts other families in order. Those that stay keep what is written of them.
    ///
    /// - Returns: whether they are not the same ones.
    private mutating func arrange(_ contributions: [Exposition.Contribution]) -> Bool {
        let before = arrangement.descriptors
        var known: [ObjectIdentifier: KeptFamily] = [:]
        for family in families { known[ObjectIdentifier(family.descriptor)] = family }
        families = []
        arrangement = Arrangement(contributions, admission)
        families = arrangement.descriptors.map { known[ObjectIdentifier($0)] ?? KeptFamily($0) }
        return !before.elementsEqual(arrangement.descriptors) { $0 === $1 }
    }

    /// Adds families to a page.
    public mutating func append(_ range: Range<Int>, in format: ExpositionFormat, to page: inout [UInt8]) {
        for index in range { families[index].written(in: format, using: &scratch).append(to: &page) }
        scratch = PageBuffer()
    }

    /// Gives up what is written in a format.
    public mutating func forget(_ format: ExpositionFormat) {
        for index in families.indices { families[index].forget(format) }
    }
}
