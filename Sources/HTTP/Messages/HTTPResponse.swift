// A response: status, header fields and a body that any number of clients can be reading at once.

/// One response.
public struct HTTPResponse: Sendable {
    public var status: Int
    /// Header fields, `Content-Type` included. `Content-Length`, `Date` and `Connection` are the server's.
    public var fields: [(name: String, value: String)]
    public var body: HTTPBody
    /// What can wait until the answer is out, or its connection broken: it is done on the server's thread then.
    public var afterwards: (@Sendable () -> Void)?

    public init(
        status: Int = 200, contentType: String, fields: [(name: String, value: String)] = [], body: HTTPBody
    ) {
        self.status = status
        self.fields = [(name: "Content-Type", value: contentType)] + fields
        self.body = body
    }

    /// One line of plain text for people.
    public static func line(
        _ status: Int, _ text: String, fields: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, contentType: "text/plain; charset=utf-8", fields: fields, body: HTTPBody(text + "\n"))
    }

    /// The value of a header field, whatever the case of its name.
    public func field(_ name: String) -> String? {
        fields.first { isSameField($0.name, name) }?.value
    }
}
