// One interface that is captured. Interfaces go away and come back, with a pod's network or a cable; what was open goes
// on then.

/// An interface's capture and what has become of it.
final class Tap {
    let name: String
    /// The engine's number of the interface.
    let number: Int
    var source: PacketSource
    /// The kernel's number of the interface that the capture is bound to.
    private var index: UInt32
    /// Why nothing can be read now.
    private(set) var problem: String?
    private(set) var dropped: UInt64 = 0
    private(set) var returns: UInt64 = 0

    init(_ interface: NetworkInterface, number: Int, _ source: consuming PacketSource) {
        name = interface.name
        index = interface.index
        self.number = number
        self.source = source
    }

    /// Whether it is worth waiting for packets.
    var isReadable: Bool { problem == nil }

    var status: CaptureStatus.Interface {
        CaptureStatus.Interface(name: name, dropped: dropped, returns: returns, problem: problem)
    }

    /// Notes that reading failed; ``look(at:)`` finds out whether it works again.
    func fail(_ error: CaptureError) {
        problem = "cannot be read: \(error)"
    }

    /// Compares with what the machine has now.
    ///
    /// - Parameter interface: the interface of this name, nil when there is none.
    func look(at interface: NetworkInterface?) {
        dropped += source.takeDrops()
        guard let interface else {
            problem = "has gone"
            return
        }
        guard interface.isUp else {
            problem = "is down"
            return
        }
        if interface.index != index {
            guard source.bind(to: interface.index) else {
                problem = "has come back and cannot be opened again; restart Sidelong"
                return
            }
            index = interface.index
        }
        if problem != nil { returns += 1 }
        problem = nil
    }
}
