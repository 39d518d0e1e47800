// What is written rather than read: pages, from any samples.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = ["Pages": fuzzPages]
