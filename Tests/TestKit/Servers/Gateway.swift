import Foundation

/// An HTTP server that writes an access log: what it says there is the truth about its traffic.
public final class Gateway: Sendable {
    /// What serves.
    public enum Program: String, CaseIterable, Sendable {
        case nginx, python
    }

    public let port: Int
    private let process: ServerProcess
    private let folder: TemporaryFolder
    private static let logName = "access.log"

    /// Starts a server with a few paths: `/api/...` answers 200 or 201, `/missing/...` 404, `/fail` 500, `/limited`
    /// 429, `/private` 401, anything else 200.
    public init(_ program: Program) async throws {
        folder = try TemporaryFolder()
        port = try freePort()
        switch program {
        case .nginx:
            let file = try folder.write(Self.nginx(port, folder), to: "nginx.conf")
            process = try ServerProcess("nginx", ["-c", file, "-p", folder.url.path], in: folder)
        case .python:
            let file = Project.root.appending(path: "Tests/Fixtures/http/server.py").path
            process = try ServerProcess("python3", [file, "\(port)", folder.path(Self.logName)], in: folder)
        }
        let port = port
        do {
            try await eventually("a server on port \(port)") { (try? SocketPlace.port(port).connect()) != nil }
        } catch {
            throw NeverHappened(description: "\(error): \(process.output)")
        }
    }

    deinit {
        process.end()
    }

    /// A token, and its SHA-256.
    public static let listedKey = (
        token: "stack-key-4711", sha256: "67707f0a27d444e043354749b85ada68c1b1aedd787ae627e2d0bca337a320f0"
    )

    /// Writes a list of API keys with one entry, and returns its path.
    public func keysFile(_ key: (token: String, sha256: String), named name: String) throws -> String {
        try folder.write("- {name: \(name), sha256: \(key.sha256)}\n", to: "keys.yaml")
    }

    /// Clients that ask without end, with and without API keys.
    public func load() throws -> ServerProcess {
        let client = Project.root.appending(path: "Tests/Fixtures/http/client.py").path
        let fields = ["Authorization: Bearer \(Self.listedKey.token)", "X-API-Key: nobody", "A: b"]
        return try ServerProcess("python3", [client, "--forever", "\(port)"] + fields, in: folder)
    }

    /// How often each `METHOD path status` was answered, as the server says. Queries are left out.
    public func log() throws -> [String: Int] {
        let text = try String(contentsOfFile: folder.path(Self.logName), encoding: .utf8)
        var counts: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3 else { continue }
            counts["\(words[0]) \(words[1].prefix { $0 != "?" }) \(words[2])", default: 0] += 1
        }
        return counts
    }

    private static func nginx(_ port: Int, _ folder: TemporaryFolder) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "    \($0)_temp_path \(folder.path($0));"
        }
        return """
            daemon off;
            worker_processes 2;
            user root;
            pid \(folder.path("nginx.pid"));
            error_log stderr;
            events { worker_connections 1000; }
            http {
            \(temporary.joined(separator: "\n"))
                log_format plain '$request_method $request_uri $status';
                access_log \(folder.path(logName)) plain;
                keepalive_requests 100000;
                server {
                    listen 127.0.0.1:\(port);
                    location /api/ { return 200 "a body of some bytes\\n"; }
                    location /missing/ { return 404; }
                    location /fail { return 500 "no\\n"; }
                    location /limited { return 429; }
                    location /private { return 401; }
                    location / { return 200 "ok\\n"; }
                }
            }

            """
    }
}
