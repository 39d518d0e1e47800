// The interfaces that packets of one socket come by, under the names that they have on the page. On a machine with
// containers they come and go by the hundred.

/// Names, numbers and states of interfaces.
struct InterfaceRoster {
    private struct Entry {
        let name: String
        /// The engine's number.
        let number: Int
        /// The kernel's number; nil when the interface has gone.
        var index: UInt32?
        var isUp = false
        var wasUp = false
        var returns: UInt64 = 0
    }

    /// Interfaces that are told apart; further ones share ``CaptureStatus/others``.
    private static let capacity = 64
    /// The number of an interface that nobody has asked for.
    static let unwanted = -1

    /// The names that were asked for, all of which are told apart; nil for whatever comes.
    private let wanted: Set<String>?
    private var entries: [Entry] = []
    private var numbers: [UInt32: Int] = [:]
    /// The one that was asked for last; packets come in runs.
    private var last: (index: UInt32, number: Int)?
    /// The number of those without an entry of their own.
    private var rest: Int?

    init(of wanted: [String]? = nil) {
        self.wanted = wanted.map(Set.init)
    }

    /// The engine's number of the interface that has this number in the kernel.
    @inline(__always)
    mutating func number(of index: UInt32, _ announce: SharedEngine.Announce) -> Int {
        if let last, last.index == index { return last.number }
        return find(index, announce)
    }

    private mutating func find(_ index: UInt32, _ announce: SharedEngine.Announce) -> Int {
        let number = numbers[index] ?? meet(index, announce)
        last = (index, number)
        return number
    }

    /// An interface that came up since the machine was looked at.
    private mutating func meet(_ index: UInt32, _ announce: SharedEngine.Announce) -> Int {
        let name = NetworkInterface.name(of: index) ?? CaptureStatus.others
        let number = wanted?.contains(name) == false ? Self.unwanted : number(of: name, announce)
        numbers[index] = number
        return number
    }

    /// The engine's number of the interface of this name. It keeps it when it goes and comes back.
    @discardableResult
    mutating func number(of name: String, _ announce: SharedEngine.Announce) -> Int {
        if let entry = entries.first(where: { $0.name == name }) { return entry.number }
        guard entries.count < max(Self.capacity, wanted?.count ?? 0), name != CaptureStatus.others else {
            let number = rest ?? announce(CaptureStatus.others)
            rest = number
            return number
        }
        let number = announce(name)
        entries.append(Entry(name: name, number: number))
        return number
    }

    /// Takes note of the interfaces that there are now. One without an entry gets one with its first packet.
    mutating func look(at present: [NetworkInterface]) {
        numbers = numbers.filter { number in present.contains { $0.index == number.key } }
        last = nil
        for place in entries.indices {
            let interface = present.first { $0.name == entries[place].name }
            let isUp = interface?.isUp ?? false
            if isUp && !entries[place].isUp && entries[place].wasUp { entries[place].returns += 1 }
            entries[place].isUp = isUp
            entries[place].wasUp = entries[place].wasUp || isUp
            entries[place].index = interface?.index
            if let interface { numbers[interface.index] = entries[place].number }
        }
    }

    /// What is known of the interfaces that there are, and of those that have gone if they are wanted.
    func interfaces(withThoseGone: Bool) -> [CaptureStatus.Interface] {
        entries.filter { $0.index != nil || withThoseGone }.map { entry in
            CaptureStatus.Interface(name: entry.name, isCaptured: entry.isUp, returns: entry.returns)
        }
    }
}
