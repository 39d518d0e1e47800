// One family of a page that is kept: its samples, and what was written of them.

/// A family as it stands on a page, in each format in which it has been asked for.
struct KeptFamily: Sendable {
    let descriptor: Descriptor
    /// Whether the newest update has changed its bytes in some format.
    var isChanged: Bool { calmUpdates == 0 }
    /// Updates since one has.
    private(set) var calmUpdates = 0
    /// How many bytes it takes in the format in which it takes most; 0 until it has been written.
    var size: Int { texts.reduce(0) { max($0, $1.written.bytes.count) } }
    /// Series that were left out: those that stood twice, and impossible ones.
    var leftOut: Int { leftOutOfOrder + refused }

    private var portions: [Portion] = []
    /// On which place of the page each sample stands, those of all portions one behind the other; empty where
    /// they stand as they were brought.
    private var positions: [Int32] = []
    private var leftOutOfOrder = 0
    private var refused = 0
    private var texts: [Text] = []
    /// The family in order, from an update with a new shape until it is written for the first time.
    private var unwritten: MergedFamily?
    private var news = News()

    private struct Text {
        let format: ExpositionFormat
        var written: WrittenFamily
    }

    /// What an update has brought so far.
    private struct News {
        var portions = 0
        var samples = 0
        var refused = 0
        var hasNewShape = false
        var changes: [SeriesChange] = []
    }

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    /// Takes in what one source brings, in the order of the page's contributions.
    mutating func take(_ new: consuming Portion) {
        let place = news.portions
        if place == portions.count {
            portions.append(new)
            news.hasNewShape = true
        } else {
            // Moved out and in: a copy would count the references of all that a portion holds.
            var old = Portion.none
            swap(&old, &portions[place])
            if !news.hasNewShape {
                note(new.difference(from: old, isCounter: descriptor.kind == .counter), of: new)
            }
            portions[place] = new
        }
        news.portions += 1
        news.samples += portions[place].samples.count
    }

    /// Counts samples under this family's name that are not its own.
    mutating func refuse(_ count: Int) {
        news.refused += count
    }

    private mutating func note(_ difference: PortionDifference, of new: borrowing Portion) {
        switch difference {
        case .values(let places) where places.isEmpty: break
        // Where samples are left out, another one may be from now on.
        case .values where leftOutOfOrder > 0, .shape: news.hasNewShape = true
        case .values(let places):
            for place in places {
                let position = positions.isEmpty ? news.samples + place : Int(positions[news.samples + place])
                news.changes.append(SeriesChange(position: position, series: new.series(at: place)))
            }
        }
    }

    /// Brings what is written up to date, when all sources have brought theirs.
    mutating func endUpdate(using scratch: inout PageBuffer) {
        if news.portions < portions.count {
            portions.removeSubrange(news.portions...)
            news.hasNewShape = true
        }
        let isChanged = news.hasNewShape || !news.changes.isEmpty
        calmUpdates = isChanged ? 0 : calmUpdates + 1
        if news.hasNewShape {
            arrange(using: &scratch)
        } else if isChanged {
            if !positions.isEmpty { news.changes.sort { $0.position < $1.position } }
            patch(news.changes, using: &scratch)
        }
        refused = news.refused
        news = News()
    }

    private mutating func arrange(using scratch: inout PageBuffer) {
        let merged = MergedFamily(descriptor, portions)
        leftOutOfOrder = merged.leftOut
        positions = []
        if leftOutOfOrder == 0, !merged.isAsBrought {
            positions = [Int32](repeating: 0, count: merged.origins.count)
            for (position, origin) in merged.origins.enumerated() { positions[origin] = Int32(position) }
        }
        unwritten = texts.isEmpty ? merged : nil
        for index in texts.indices { texts[index].written = texts[index].format.written(merged, using: &scratch) }
    }

    private mutating func patch(_ changes: [SeriesChange], using scratch: inout PageBuffer) {
        unwritten = nil
        for index in texts.indices
        where !texts[index].format.patch(&texts[index].written, of: descriptor, changes, using: &scratch) {
            let merged = MergedFamily(descriptor, portions)
            texts[index].written = texts[index].format.written(merged, using: &scratch)
        }
    }

    /// The family as it is written in a format; it is kept until ``forget(_:)``.
    mutating func written(in format: ExpositionFormat, using scratch: inout PageBuffer) -> WrittenFamily {
        if let text = texts.first(where: { $0.format == format }) { return text.written }
        let written = format.written(unwritten ?? MergedFamily(descriptor, portions), using: &scratch)
        unwritten = nil
        texts.append(Text(format: format, written: written))
        return written
    }

    /// Gives up what is written in a format.
    mutating func forget(_ format: ExpositionFormat) {
        texts.removeAll { $0.format == format }
    }
}
