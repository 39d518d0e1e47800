// Any text as a client's end in CLIENT LIST: what is understood is the same when it is written with brackets.

@testable import Traffic

func fuzzEndpoints(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    guard let endpoint = Endpoint(text) else { return }
    guard let colon = text.lastIndex(of: ":"), !text.hasPrefix("[") else { return }
    let bracketed = "[\(text[..<colon])]\(text[colon...])"
    precondition(Endpoint(bracketed) == endpoint)
}
