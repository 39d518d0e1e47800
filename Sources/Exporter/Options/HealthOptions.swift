// From when on the health page calls something degraded or unhealthy.

extension Options {
    static let healthMemory = Option(
        "health.memory", .thresholds(unit: "percent of maxmemory"), default: "80,90",
        help: "Memory in use at which redis_memory is degraded and unhealthy.")
    static let healthConnections = Option(
        "health.connections", .thresholds(unit: "percent of the limit"), default: "80,95",
        help: "Connections in use at which a component is degraded and unhealthy.")
    static let healthHitRate = Option(
        "health.hit-rate", .thresholds(unit: "percent", lowIsBad: true), default: "80,70",
        help: "Hit rate below which redis_performance is degraded and unhealthy.")
    static let healthResponseTime = Option(
        "health.response-time", .thresholds(unit: "milliseconds"), default: "100,1000",
        help: "Time for one poll at which a target is degraded and unhealthy.")
    static let healthErrorRate = Option(
        "health.error-rate", .thresholds(unit: "percent of commands"), default: "5,20",
        help: "Failed and rejected commands at which redis_performance is degraded and unhealthy.")
    static let healthGatewayErrorRate = Option(
        "health.gateway-error-rate", .optional(.thresholds(unit: "percent of requests")), default: nil,
        help: "Failed requests of the last minute at which gateway is degraded and unhealthy; without it and "
            + "health.gateway-p95 there is no such component.")
    static let healthGatewayP95 = Option(
        "health.gateway-p95", .optional(.thresholds(unit: "milliseconds")), default: nil,
        help: "The 95th percentile of the gateway's latencies at which gateway is degraded and unhealthy.")

    static let health: [any AnyOption] = [
        healthMemory, healthConnections, healthHitRate, healthResponseTime, healthErrorRate,
        healthGatewayErrorRate, healthGatewayP95,
    ]
}
