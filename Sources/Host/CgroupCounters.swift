// The form of memory.stat, memory.events, memory.oom_control and cpu.stat: a name and a number on each line.

/// Some named numbers of such a file.
struct CgroupCounters: Sendable, Equatable {
    private let names: [String]
    private var numbers: [UInt64?]

    /// Picks out the numbers of these names; nil when any line is no name and number.
    init?(_ text: Text, _ names: [String]) {
        self.names = names
        numbers = Array(repeating: nil, count: names.count)
        for line in text.lines {
            var words = line.words
            guard let name = words.next(), let number = words.nextNumber() else { return nil }
            if let index = names.firstIndex(where: name.equals) { numbers[index] = number }
        }
    }

    /// The number of one of the names; nil where the file does not have it.
    subscript(name: String) -> UInt64? {
        names.firstIndex(of: name).flatMap { numbers[$0] }
    }
}
