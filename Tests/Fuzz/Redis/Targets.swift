// What a Redis answers, and what an operator writes to say where it is.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Info": fuzzInfo, "Answers": fuzzAnswers, "RedisAddresses": fuzzRedisAddresses,
    "Looks": fuzzLooks, "TLSServers": fuzzTLSServers,
]
