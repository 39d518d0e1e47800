// The measurement of traffic, from the start of the program to its end: it outlives every reading of the configuration.

import Capture
import Metrics
import System
import Traffic

/// The traffic engine, and the capture that feeds it where there is one.
final class Wire: Sendable {
    /// What became of the capture.
    enum State: Sendable {
        case off
        case running(LiveCapture)
        case impossible(CaptureError)
    }

    let settings: WireSettings
    /// What the whole process may hold.
    let memory: MemoryBudget
    let engine: SharedEngine
    let state: State
    let coverage: Coverage
    let readability: Readability
    /// The gateway's last minute; nil where no port is read as HTTP.
    let gateway: GatewayWindow?
    /// Whether the capabilities could not be given up, because a system-call filter forbids it.
    let holdsCapabilities: Bool

    /// Opens the capture, if one is wanted, and gives up all capabilities in any case.
    ///
    /// Has to be called before the program has other threads: they would keep their capabilities.
    ///
    /// - Parameters:
    ///   - memory: what the whole process may hold.
    ///   - keys: the gateway's API keys.
    ///   - heartbeat: called by the capture's thread while it turns, at most ``LiveCapture/longestPause`` apart.
    init(
        _ settings: WireSettings, _ memory: MemoryBudget, keys: [TrafficAPIKey] = [],
        heartbeat: @escaping @Sendable () -> Void = {}
    ) {
        self.settings = settings
        self.memory = memory
        var traffic = settings.traffic
        traffic.limits = TrafficLimits(
            flows: memory.share(of: .flows), exchanges: memory.share(of: .exchanges),
            fragments: memory.share(of: .fragments))
        let engine = SharedEngine(traffic)
        if !keys.isEmpty { engine.learn(keys) }  // else nobody needs it yet
        self.engine = engine
        coverage = Coverage(engine)
        readability = Readability(capturing: settings.redisPorts)
        gateway = settings.httpPorts.isEmpty ? nil : GatewayWindow()
        guard case .captured(let interfaces) = settings.interfaces else {
            Capabilities.dropAll()
            holdsCapabilities = Capabilities.areHeld
            state = .off
            return
        }
        let capture = LiveCapture.Settings(
            interfaces: interfaces, ports: traffic.ports, ring: settings.ring, rings: memory.share(of: .rings))
        if capture.sharesRing { memory.shed(.rings) }
        do throws(CaptureError) {
            state = .running(try LiveCapture(capture, into: engine, heartbeat: heartbeat))
        } catch {
            state = .impossible(error)
        }
        holdsCapabilities = Capabilities.areHeld
    }
}
