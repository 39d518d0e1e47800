import Testing

@testable import Traffic

@Suite struct PacketTests {
    private let payload = Array("PING\r\n".utf8)

    private func decode(
        _ frame: [UInt8], link: LinkType = .ethernet, originalLength: Int? = nil
    ) throws(PacketFault) -> Packet {
        try Packet(frame.span, originalLength: originalLength ?? frame.count, link: link)
    }

    private func fault(_ frame: [UInt8], link: LinkType = .ethernet, originalLength: Int? = nil) -> PacketFault? {
        do {
            _ = try decode(frame, link: link, originalLength: originalLength)
            return nil
        } catch {
            return error
        }
    }

    private static let wrappings: [(link: LinkType, wrap: @Sendable ([UInt8]) -> [UInt8])] = [
        (.ethernet, { Frame.ethernet($0) }),
        (.ethernet, { Frame.ethernet($0, tags: [0x8100]) }),
        (.ethernet, { Frame.ethernet($0, tags: [0x88A8, 0x8100]) }),
        (.linuxCooked, { Frame.cooked($0) }),
        (.linuxCooked2, { Frame.cooked2($0) }),
        (.raw, { $0 }),
        (.null, { Frame.null($0) }),
        (.loop, { Frame.null($0) }),
    ]

    @Test(arguments: wrappings)
    func everyLinkLayerLeadsToTheSameSegment(link: LinkType, wrap: @Sendable ([UInt8]) -> [UInt8]) throws {
        let segment = TCPSegment(sequence: 7, acknowledgment: 9, payload: payload)
        for packet in [IPPacket.v4(segment), IPPacket.v6(segment)] {
            let frame = wrap(packet)
            let decoded = try decode(frame, link: link)
            #expect(Array(frame[decoded.segment.payload]) == payload)
            #expect(decoded.segment.sequence == SequenceNumber(7))
            #expect(decoded.segment.acknowledgment == SequenceNumber(9))
            #expect(decoded.source.port == 50_000)
            #expect(decoded.destination.port == 6379)
            #expect(decoded.segment.missing == 0)
        }
    }

    @Test func linkTypesAreKnownByTheirNumbers() {
        #expect(LinkType(number: 1) == .ethernet)
        #expect(LinkType(number: 113) == .linuxCooked)
        #expect(LinkType(number: 276) == .linuxCooked2)
        #expect(LinkType(number: 101) == .raw)
        #expect(LinkType(number: 0) == .null)
        #expect(LinkType(number: 108) == .loop)
        #expect(LinkType(number: 127) == nil)
    }

    @Test func addressesAreThoseOfTheHeader() throws {
        let segment = TCPSegment(payload: payload)
        let v4 = try decode(Frame.ethernet(IPPacket.v4(segment)))
        #expect(v4.source == Endpoint("10.0.0.1:50000"))
        let v6 = try decode(Frame.ethernet(IPPacket.v6(segment)))
        #expect(v6.destination == Endpoint("[fd00::2]:6379"))
        let mapped = Array(repeating: UInt8(0), count: 10) + [0xFF, 0xFF, 10, 0, 0, 1]
        let dual = try decode(Frame.ethernet(IPPacket.v6(segment, from: mapped)))
        #expect(dual.source == v4.source)
    }

    @Test func paddingIsNoPayload() throws {
        let decoded = try decode(Frame.ethernet(IPPacket.v4(TCPSegment()), padding: 6))
        #expect(decoded.segment.length == 0)
    }

    @Test func optionsAreSkipped() throws {
        let segment = TCPSegment(options: [1, 1, 8, 10] + Array(repeating: 0, count: 8), payload: payload)
        let frame = Frame.ethernet(IPPacket.v4(segment, options: [1, 1, 1, 1]))
        #expect(Array(frame[try decode(frame).segment.payload]) == payload)
    }

    @Test func extensionHeadersAreSkipped() throws {
        let hopByHop: [UInt8] = [60, 0, 0, 0, 0, 0, 0, 0]
        let destination: [UInt8] = [51, 1] + Array(repeating: 0, count: 14)
        let authentication: [UInt8] = [44, 4] + Array(repeating: 0, count: 22)
        let wholeFragment: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 0]
        let all = hopByHop + destination + authentication + wholeFragment
        let frame = Frame.ethernet(IPPacket.v6(TCPSegment(payload: payload), next: 0, extensions: all))
        #expect(Array(frame[try decode(frame).segment.payload]) == payload)
    }

    @Test func aLengthOfZeroMeansMoreThan64KiB() throws {
        let large = TCPSegment(payload: Array(repeating: 65, count: 70_000))
        #expect(try decode(Frame.ethernet(IPPacket.v4(large, totalLength: 0))).segment.length == 70_000)
        #expect(try decode(Frame.ethernet(IPPacket.v6(large, payloadLength: 0))).segment.length == 70_000)
    }

    @Test func whatTheSnapLengthCutOffIsMissing() throws {
        let frame = Frame.ethernet(IPPacket.v4(TCPSegment(payload: Array(repeating: 65, count: 500))))
        let decoded = try decode(Array(frame.prefix(154)), originalLength: frame.count)
        #expect(decoded.segment.payload.count == 100)
        #expect(decoded.segment.missing == 400)
        let large = Frame.ethernet(
            IPPacket.v4(TCPSegment(payload: Array(repeating: 65, count: 70_000)), totalLength: 0))
        let cut = try decode(Array(large.prefix(154)), originalLength: large.count)
        #expect(cut.segment.missing == 69_900)
    }

    @Test func aCutWithinTCPOptionsLeavesAllPayloadMissing() throws {
        let segment = TCPSegment(options: Array(repeating: 1, count: 12), payload: payload)
        let frame = Frame.ethernet(IPPacket.v4(segment))
        let decoded = try decode(Array(frame.prefix(14 + 20 + 24)), originalLength: frame.count)
        #expect(decoded.segment.payload.isEmpty)
        #expect(decoded.segment.missing == payload.count)
    }

    @Test func anythingElseIsRefusedWithAReason() {
        let good = Frame.ethernet(IPPacket.v4(TCPSegment(payload: payload)))
        #expect(fault(Array(good.prefix(40)), originalLength: good.count) == .truncated)
        #expect(fault([]) == .truncated)
        #expect(fault(Array(repeating: 2, count: 12) + [0x08, 0x06] + Array(repeating: 0, count: 28)) == .notIP)
        #expect(fault([0x10, 0, 0, 0], link: .raw) == .notIP)
        #expect(fault(IPPacket.v4(TCPSegment(), transport: 17), link: .raw) == .notTCP)
        #expect(fault(IPPacket.v6(TCPSegment(), next: 58), link: .raw) == .notTCP)
        #expect(fault(IPPacket.v4(TCPSegment(), fragment: 0x2000), link: .raw) == .fragment)
        #expect(fault(IPPacket.v4(TCPSegment(), fragment: 0x0010), link: .raw) == .fragment)
        let secondFragment: [UInt8] = [6, 0, 0, 8, 0, 0, 0, 0]
        #expect(fault(IPPacket.v6(TCPSegment(), next: 44, extensions: secondFragment), link: .raw) == .fragment)
        #expect(fault(IPPacket.v4(TCPSegment(), totalLength: 19), link: .raw) == .malformed)
        #expect(fault(IPPacket.v4(TCPSegment(), totalLength: 1500), link: .raw) == .malformed)
        var shortHeader = IPPacket.v4(TCPSegment())
        shortHeader[32] = 0x40
        #expect(fault(shortHeader, link: .raw) == .malformed)
        let endless = (0..<72).map { UInt8($0 % 8 == 0 ? 60 : 0) }
        #expect(fault(IPPacket.v6(TCPSegment(), next: 60, extensions: endless), link: .raw) == .malformed)
    }

    @Test func theEngineCountsWhatItCannotUse() {
        var bench = Bench()
        let stranger = Frame.ethernet(IPPacket.v4(TCPSegment(destinationPort: 80, payload: payload)))
        for frame in [stranger, Array(stranger.prefix(20)), Frame.ethernet(IPPacket.v4(TCPSegment(), transport: 17))] {
            bench.engine.process(frame.span, originalLength: frame.count, at: 1, link: .ethernet, interface: 0)
        }
        #expect(bench.figures.ignored == ["other_port": 1, "truncated": 1, "not_tcp": 1])
        #expect(bench.figures.numbers(WireFamilies.packets) == ["test0": 3])
    }

    @Test func endpointsAreReadAsRedisPrintsThem() {
        #expect(Endpoint("127.0.0.1:6379")?.address == Address(ipv4: 0x7F00_0001))
        #expect(Endpoint("[::1]:1") == Endpoint("::1:1"))
        #expect(Endpoint("[::ffff:10.0.0.1]:5") == Endpoint("10.0.0.1:5"))
        #expect(Endpoint("[2001:db8::8:800:200c:417a]:65535")?.port == 65_535)
        #expect(Address("1:2:3:4:5:6:7:8") != nil)
        for wrong in [
            "", ":", "1.2.3:4", "1.2.3.400:5", "1.2.3.4:99999", "[1:2:3]:4", "[::1::2]:3", "/tmp/redis.sock:0",
        ] {
            #expect(Endpoint(wrong) == nil, "\(wrong)")
        }
    }
}
