// Which path is answered by whom, as a table. GET and HEAD only; the rest is 405, unknown paths are 404.

/// A table of paths.
public struct HTTPRouter: Sendable {
    /// One line of the table.
    public struct Route: Sendable {
        fileprivate enum Rule: Sendable {
            case path(@Sendable (HTTPRequest) -> HTTPResponse)
            case named(@Sendable (HTTPRequest, _ name: String) -> HTTPResponse)
        }

        fileprivate let path: String
        fileprivate let rule: Rule

        /// Exactly this path.
        public static func path(
            _ path: String, _ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
        ) -> Route {
            Route(path: path, rule: .path(answer))
        }

        /// One more segment under this path: `/health` takes `/health/redis`, and `redis` is the name.
        public static func named(
            under path: String, _ answer: @escaping @Sendable (HTTPRequest, _ name: String) -> HTTPResponse
        ) -> Route {
            Route(path: path, rule: .named(answer))
        }

        /// The path as documentation shows it: `/metrics`, `/health/NAME`.
        public var pattern: String {
            switch rule {
            case .path: path
            case .named: path + "/NAME"
            }
        }

        /// The answer of this route, or nil when the path is not its own.
        fileprivate func answer(
            to path: some StringProtocol
        ) -> (@Sendable (HTTPRequest) -> HTTPResponse)? {
            switch rule {
            case .path(let answer): return path == self.path ? answer : nil
            case .named(let answer):
                guard path.hasPrefix(self.path + "/") else { return nil }
                let name = String(path.dropFirst(self.path.count + 1))
                guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
                return { answer($0, name) }
            }
        }
    }

    private let routes: [Route]
    private let unknownPath: HTTPResponse

    /// - Parameters:
    ///   - routes: the first that fits answers.
    ///   - hint: the line that goes with 404, such as the paths there are.
    public init(_ routes: [Route], hint: String) {
        self.routes = routes
        self.unknownPath = .line(404, hint)
    }

    /// The answer to a request.
    public func respond(to request: HTTPRequest) -> HTTPResponse {
        for route in routes {
            guard let answer = route.answer(to: request.path) else { continue }
            return request.method == .other ? Self.wrongMethod : answer(request)
        }
        return unknownPath
    }

    /// The pattern of the route that answers this path, or nil for an unknown path; for the `path` label of metrics,
    /// which must not take what clients make up.
    public func pattern(of path: String) -> String? {
        routes.first { $0.answer(to: path) != nil }?.pattern
    }

    private static let wrongMethod = HTTPResponse.line(
        405, "only GET and HEAD are allowed here", fields: [(name: "Allow", value: "GET, HEAD")])
}
