// Which families a page has, in which order, and what belongs to which. Families with the same name are one, no matter
// which collectors they come from; names that two kinds of metric claim belong to the first.

/// The families of a page in the order of their names, and the place of each descriptor among them.
struct Arrangement: Sendable {
    /// What becomes of the samples under a descriptor.
    enum Place: Sendable {
        /// They stand in the family at this place.
        case family(Int)
        /// They are left out and counted with the family at this place, which has their name.
        case refused(Int)
        /// They are left out, as the operator wants it.
        case hidden
    }

    /// The first descriptor of each family, sorted by name.
    private(set) var descriptors: [Descriptor] = []
    private var index = DescriptorIndex()
    private var places: [Place] = []
    /// Whether some name is that of several descriptors: which of them comes first matters then.
    private var hasSharedNames = false

    init() {}

    /// - Parameter admission: whether a family may be shown.
    init(_ contributions: [Exposition.Contribution], _ admission: (Descriptor) -> Admission) {
        var met: [(descriptor: Descriptor, admission: Admission)] = []
        for contribution in contributions {
            for family in contribution.families where !family.samples.isEmpty {
                guard index.position(of: family.descriptor) == nil else { continue }
                index.add(family.descriptor)
                met.append((family.descriptor, admission(family.descriptor)))
            }
        }
        places = met.map { _ in .hidden }
        var rest = met.indices.filter { met[$0].admission != .hidden }[...]
        let beginnings = met.map { $0.descriptor.name.beginning }
        rest.sort { left, right in
            if beginnings[left] != beginnings[right] { return beginnings[left] < beginnings[right] }
            let (name, other) = (met[left].descriptor.name, met[right].descriptor.name)
            return name == other ? left < right : name < other
        }
        while let start = rest.first {
            let sameName = rest.prefix { met[$0].descriptor.name == met[start].descriptor.name }
            rest = rest.dropFirst(sameName.count)
            if sameName.count > 1 { hasSharedNames = true }
            // A family stands under the first descriptor of its name that is not left out, or under the very first.
            let family = met[sameName.first { met[$0].admission == .shown } ?? start].descriptor
            for place in sameName {
                let fits = met[place].admission == .shown && family.isCompatible(with: met[place].descriptor)
                places[place] = fits ? .family(descriptors.count) : .refused(descriptors.count)
            }
            descriptors.append(family)
        }
    }

    /// Whether these contributions are known to have all of the families and no other ones.
    func isThat(of contributions: [Exposition.Contribution]) -> Bool {
        if hasSharedNames { return false }
        var isMet = [Bool](repeating: false, count: places.count)
        for contribution in contributions {
            for family in contribution.families where !family.samples.isEmpty {
                guard let number = index.position(of: family.descriptor) else { return false }
                isMet[number] = true
            }
        }
        return isMet.allSatisfy(\.self)
    }

    /// Nil for a descriptor that none of the contributions had.
    func place(of descriptor: Descriptor) -> Place? {
        index.position(of: descriptor).map { places[$0] }
    }
}

/// Whether a family may be shown on a page.
public enum Admission: Sendable {
    case shown
    /// Left out without a word.
    case hidden
    /// Left out, and counted as what stands twice.
    case refused
}

extension String {
    /// The first sixteen bytes as a number, the first byte the most significant, zeros behind a shorter text. Names are
    /// ASCII, so that different numbers come in the order of the names; most names have one of their own.
    fileprivate var beginning: UInt128 {
        let bytes = utf8Span.span
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<8 { high = high << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
        for index in 8..<16 { low = low << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
        return UInt128(high) << 64 | UInt128(low)
    }
}

extension Descriptor {
    fileprivate func isCompatible(with other: Descriptor) -> Bool {
        self === other || kind == other.kind && labels == other.labels
    }
}
