// What was asked and not answered yet, in order. Every protocol here answers in the order of the questions.

/// A first-in, first-out queue in a ring that grows as needed and gives large memory back when it runs empty.
///
/// Its callers keep the sum of what all rings take. It changes with a ring's size, so that most elements cost nothing.
struct InFlightQueue<Element: BitwiseCopyable & Sendable>: Sendable {
    private var ring: [Element] = []
    private var head = 0
    private(set) var count = 0

    private static var smallest: Int { 4 }
    private static var largestKept: Int { 256 }

    var isEmpty: Bool { count == 0 }

    /// Bytes that the ring takes.
    var bytes: Int { ring.count &* MemoryLayout<Element>.stride }

    /// The oldest element. Must not be asked of an empty queue.
    var first: Element {
        @inline(__always) get { ring[head] }
        set { ring[head] = newValue }
    }

    /// The newest element. Must not be asked of an empty queue.
    var last: Element {
        get { ring[(head &+ count &- 1) & (ring.count &- 1)] }
        set { ring[(head &+ count &- 1) & (ring.count &- 1)] = newValue }
    }

    /// - Parameter bytes: those of all rings.
    @inline(__always)
    mutating func append(_ element: Element, _ bytes: inout Int) {
        if count == ring.count { grow(filler: element, &bytes) }
        ring[(head &+ count) & (ring.count &- 1)] = element
        count &+= 1
    }

    /// Takes out the oldest element. Must not be asked of an empty queue.
    ///
    /// - Parameter bytes: those of all rings.
    @inline(__always)
    mutating func removeFirst(_ bytes: inout Int) -> Element {
        let element = ring[head]
        head = (head &+ 1) & (ring.count &- 1)
        count &-= 1
        if count == 0 && ring.count > Self.largestKept { giveBack(&bytes) }
        return element
    }

    /// Gives the memory back, if the queue is empty.
    ///
    /// - Parameter bytes: those of all rings.
    mutating func giveBack(_ bytes: inout Int) {
        guard isEmpty else { return }
        bytes &-= self.bytes
        self = InFlightQueue()
    }

    /// Changes all elements.
    mutating func update(_ change: (inout Element) -> Void) {
        for index in 0..<count { change(&ring[(head + index) & (ring.count - 1)]) }
    }

    private mutating func grow(filler: Element, _ bytes: inout Int) {
        bytes &-= self.bytes
        defer { bytes &+= self.bytes }
        var larger = Array(repeating: filler, count: Swift.max(Self.smallest, ring.count * 2))
        for index in 0..<count { larger[index] = ring[(head + index) & (ring.count - 1)] }
        ring = larger
        head = 0
    }
}
