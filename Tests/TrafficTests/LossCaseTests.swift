import Testing

@testable import Traffic

// Small captures of what once cost every command in flight.
@Suite struct LossCaseTests {
    @Test func whatWasSentBeforeAMalformedCommandIsMeasured() throws {
        let figures = try Recording.case("1-valid-then-malformed")
        #expect(figures.pairs == ["key:* set": 5])
        #expect(figures.microseconds("set") == 250)
        #expect(figures.resyncs == ["malformed_request": 1])
    }

    @Test func theWholeCommandsOfPipelinesThatWereCutAreMeasured() throws {
        let figures = try Recording.case("2-pipeline-60-cut-at-2KiB")
        #expect(figures.commands == ["set": 440])
        #expect(figures.microseconds("set") == 39_600)
        #expect(figures.unmeasured == ["snap_length": 10])
        #expect(figures.resyncs == ["snap_length": 10])
    }
}
