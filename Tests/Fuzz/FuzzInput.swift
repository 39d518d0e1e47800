// What libFuzzer calls, and the input as a source of small decisions followed by bytes. A room's targets are one
// program, which goes by the name under which it is started.

/// One fuzzing input, read from its front.
struct FuzzInput {
    private let bytes: [UInt8]
    private var place = 0

    fileprivate init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isEmpty: Bool { place == bytes.count }

    /// The next byte; 0 after the end.
    mutating func byte() -> UInt8 {
        guard !isEmpty else { return 0 }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func short() -> UInt16 {
        UInt16(byte()) << 8 | UInt16(byte())
    }

    /// The next bytes, fewer at the end.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let end = Swift.min(place + count, bytes.count)
        defer { place = end }
        return Array(bytes[place..<end])
    }

    mutating func rest() -> [UInt8] {
        bytes(Int(Int32.max))
    }
}

extension [UInt8] {
    /// Shows the bytes in memory of exactly their size, so that a read beyond them is found.
    func inExactMemory(_ body: (Span<UInt8>) -> Void) {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { unsafe memory.deallocate() }
        _ = unsafe memory.initialize(from: self)
        unsafe body(Span(_unsafeElements: UnsafeBufferPointer(memory)))
    }

    /// Shows the bytes piece by piece, as long as the sizes given in turn.
    func inPieces(_ sizes: [UInt8], _ body: (Span<UInt8>) -> Void) {
        var (place, turn) = (0, 0)
        while place < count {
            let size = sizes.isEmpty ? 1 : Int(sizes[turn % sizes.count]) % 64 + 1
            let end = Swift.min(place + size, count)
            Array(self[place..<end]).inExactMemory(body)
            (place, turn) = (end, turn + 1)
        }
    }
}

extension Span<UInt8> {
    var copy: [UInt8] {
        var bytes: [UInt8] = []
        for index in indices { bytes.append(self[index]) }
        return bytes
    }
}

/// The target after which this program was called.
private let target: @Sendable (inout FuzzInput) -> Void = {
    let name = CommandLine.arguments[0].split(separator: "/").last.map(String.init) ?? ""
    guard let target = targets[name] else { fatalError("no target \(name); there are \(targets.keys.sorted())") }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(Array(UnsafeBufferPointer(start: start, count: count)))
    target(&input)
    return 0
}
