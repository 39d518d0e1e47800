// Any bytes as a capture file: it is read to its end or refused, and there are no more packets than there is room for.

import Glibc
import Traffic

@testable import Capture

/// A file without a name, which is written anew for each input.
private let file = unsafe fileno(tmpfile())

func fuzzCaptureFiles(_ input: inout FuzzInput) {
    let bytes = input.rest()
    precondition(ftruncate(file, 0) == 0)
    precondition(unsafe bytes.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) } == bytes.count)
    var engine = TrafficEngine(TrafficSettings())
    let interface = engine.addInterface("file")
    var packets = 0
    do throws(CaptureError) {
        var source = try PacketFile("/proc/self/fd/\(file)")
        func take(_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ link: LinkType) {
            engine.process(frame, originalLength: length, at: stamp, link: link, interface: interface)
        }
        while true {
            let count = try source.read(atMost: 100, take)
            if count == 0 { break }
            packets += count
            precondition(source.position <= bytes.count)
        }
    } catch {
        precondition(!error.description.isEmpty)
    }
    // A packet has a header of 16 bytes at the least.
    precondition(packets <= bytes.count / 16)
}
