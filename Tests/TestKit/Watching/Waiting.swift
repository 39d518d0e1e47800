// Tests wait for events. The time limit here only ends a test that would otherwise hang.

/// Thrown when what a test waits for does not come.
public struct NeverHappened: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}

/// Returns as soon as the condition holds.
///
/// - Throws: ``NeverHappened`` after `limit`, with `what` in its text, or what the condition throws.
public func eventually(
    _ what: String, within limit: Duration = .seconds(90), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened(description: "\(what): not within \(limit)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
