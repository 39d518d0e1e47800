// Any text as the target of a request: a path without its query, and an answer for every path.

@testable import HTTP

func fuzzPaths(_ input: inout FuzzInput) {
    let method = HTTPMethod.allCases[Int(input.byte()) % HTTPMethod.allCases.count]
    let target = String(decoding: input.rest(), as: UTF8.self)
    let request = HTTPRequest(method: method, target: target, fields: [("Accept", target), ("ACCEPT", target)])
    precondition(!request.path.contains("?"))
    precondition(request.field("accept") == "\(target), \(target)")
    let router = HTTPRouter(
        [.path("/metrics") { _ in .line(200, "page") }, .named(under: "/health") { _, name in .line(200, name) }],
        hint: "no such path")
    let status = router.respond(to: request).status
    precondition([200, 404, 405].contains(status))
    precondition(["/metrics", "/health/NAME"].contains(router.pattern(of: request.path) ?? "/metrics"))
}
