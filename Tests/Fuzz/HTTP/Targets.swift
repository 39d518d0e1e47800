// What clients send, and the addresses that an operator writes.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Accept": fuzzAccept, "Paths": fuzzPaths, "Credentials": fuzzCredentials, "ListenAddresses": fuzzListenAddresses,
    "Answers": fuzzAnswers,
]
