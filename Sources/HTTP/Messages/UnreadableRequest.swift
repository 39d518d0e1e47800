// Answers to what cannot be read as a request. They are sent without libmicrohttpd, so their heads are written here.

extension HTTPResponse {
    /// The statuses with which libmicrohttpd refuses a request, and what is said to people then.
    private static let refusals: [Int: (phrase: String, text: String)] = [
        400: ("Bad Request", "this is no request: a method, a path, one Host, lengths that are numbers"),
        413: ("Content Too Large", "a request needs no body here"),
        414: ("URI Too Long", "the request line is too long"),
        431: ("Request Header Fields Too Large", "the header fields are too long"),
        500: ("Internal Server Error", "there is no memory for this request"),
        501: ("Not Implemented", "this transfer coding is not known here"),
        505: ("HTTP Version Not Supported", "versions 1.0 and 1.1 are spoken here"),
    ]

    /// The answer to a request of which nothing more is known; of a status that is not expected, 400.
    static func unreadable(_ status: Int) -> HTTPResponse {
        let known = refusals[status] == nil ? 400 : status
        return .line(known, refusals[known]?.text ?? "", fields: [(name: "Connection", value: "close")])
    }

    /// The whole message, head and body; for the statuses of ``unreadable(_:)``.
    func message(at now: HTTPDate) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(Self.refusals[status]?.phrase ?? "")\r\nDate: \(now)\r\n"
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body.bytes
    }
}
