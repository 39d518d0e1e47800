// One interface that is captured. Interfaces go away and come back, with a pod's network or a cable; what was open goes
// on then.

/// An interface's capture and what has become of it.
final class Tap {
    let name: String
    /// The engine's number of the interface.
    let number: Int
    var ring: GrowingRing
    /// Why nothing can be read now.
    private(set) var problem: String?
    private(set) var returns: UInt64 = 0

    init(_ name: String, number: Int, _ ring: consuming GrowingRing) {
        self.name = name
        self.number = number
        self.ring = ring
    }

    /// Whether it is worth waiting for packets.
    var isOpen: Bool { problem == nil }

    var status: CaptureStatus.Interface {
        CaptureStatus.Interface(
            name: name, dropped: ring.dropped, ringBytes: ring.size, returns: returns, problem: problem)
    }

    /// Takes note of what is wrong, if anything is; ``look(at:)`` finds out whether it works again.
    func checkForErrors() {
        if let error = ring.takeError() { problem = "cannot be read: \(error)" }
    }

    /// Compares with what the machine has now.
    ///
    /// - Parameter interface: the interface of this name, nil when there is none.
    func look(at interface: NetworkInterface?) {
        ring.count()
        guard let interface else {
            problem = "has gone"
            return
        }
        guard interface.isUp else {
            problem = "is down"
            return
        }
        if interface.index != ring.index && !ring.bind(to: interface.index) {
            problem = "has come back and cannot be opened again; restart Sidelong"
            return
        }
        if problem != nil { returns += 1 }
        problem = nil
    }
}
