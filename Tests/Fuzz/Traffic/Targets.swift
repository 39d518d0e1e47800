// Packets and everything that is read out of them.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Packets": fuzzPackets, "Requests": fuzzRequests, "Replies": fuzzReplies, "Keys": fuzzKeys, "Engine": fuzzEngine,
    "Endpoints": fuzzEndpoints, "SQLMessages": fuzzSQLMessages, "SQLTexts": fuzzSQLTexts,
    "SQLConversations": fuzzSQLConversations,
    "HTTPHeads": fuzzHTTPHeads, "HTTPBodies": fuzzHTTPBodies,
    "HTTPConversations": fuzzHTTPConversations, "Canary": fuzzCanary,
]
