// Both ends of a connection, and which of them is the server.

/// Which connection.
struct FlowKey: Equatable, Sendable {
    let client: Endpoint
    let server: Endpoint

    @inline(__always)
    func hash(_ hasher: Hasher64) -> UInt64 {
        let ports = UInt64(client.port) << 16 | UInt64(server.port)
        var result = hasher.hash(client.address.low ^ client.address.high, after: ports)
        result = hasher.hash(server.address.low, after: result ^ server.address.high)
        return result
    }
}
