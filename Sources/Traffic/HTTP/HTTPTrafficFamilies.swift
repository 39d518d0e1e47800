// The families of the gateway's HTTP traffic. Their names and labels are part of Sidelong's contract.

public import Metrics

/// The descriptors of everything that is shown of HTTP.
public enum HTTPTrafficFamilies {
    public static let requests = Descriptor(
        .counter, "http_requests_total", labels: ["method", "path", "status"],
        help:
            "Requests of the gateway, as seen on the network; status none: the server ended the exchange without an answer, 499: the client did."
    )
    public static let errors = Descriptor(
        .counter, "http_request_errors_total", labels: ["method", "path", "status"],
        help: "Requests answered with 5xx, or not at all though the client waited, as seen on the network.")
    public static let duration = Descriptor(
        .histogram, "http_request_duration_seconds", labels: ["method", "path"],
        help:
            "Time from the packet that completes a request's head to the packet with its answer's last byte; streams and tunnels are left out."
    )
    public static let requestBytes = Descriptor(
        .counter, "http_request_bytes_total", labels: ["method", "path"],
        help: "Bytes of the bodies of requests, as seen on the network.")
    public static let responseBytes = Descriptor(
        .counter, "http_response_bytes_total", labels: ["method", "path"],
        help: "Bytes of the bodies of answers, as seen on the network.")
    public static let inFlight = Descriptor(
        .gauge, "http_requests_in_flight", help: "Requests that were sent and are not answered yet.")
    public static let connections = Descriptor(
        .gauge, "http_connections_active", help: "Connections to the gateway's HTTP ports that are open.")
    public static let streams = Descriptor(
        .counter, "http_streams_total", labels: ["kind"],
        help: "Answers that go on for as long as somebody listens, and connections that were handed over; never timed.")
    public static let openStreams = Descriptor(
        .gauge, "http_streams_open", labels: ["kind"], help: "Streams and tunnels that are open.")
    public static let keyRequests = Descriptor(
        .counter, "api_key_requests_total", labels: ["name"],
        help: "Requests that show an API key; unknown: not on the list, unreadable: cut off before its end.")
    public static let keyFailures = Descriptor(
        .counter, "api_key_auth_failures_total", labels: ["name", "reason"],
        help: "Requests with an API key that were answered 401 (unauthorized) or 403 (forbidden).")
    public static let keyLimited = Descriptor(
        .counter, "api_key_rate_limited_total", labels: ["name"],
        help: "Requests with an API key that were answered 429.")
    public static let keyDuration = Descriptor(
        .histogram, "api_key_request_duration_seconds", labels: ["name"],
        help: "Time from the end of a request's head to the last byte of its answer, per API key.")

    /// All of them, in the order of the documentation.
    public static let all: [Descriptor] = [
        requests, errors, duration, requestBytes, responseBytes, inFlight, connections, streams, openStreams,
        keyRequests, keyFailures, keyLimited, keyDuration,
    ]
}
