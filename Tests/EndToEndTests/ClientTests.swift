import Foundation
import TestKit
import Testing

/// How `top`, `advise` and `health` reach a Sidelong that asks for something: TLS, users, tokens, certificates.
@Suite struct ClientTests {
    private let folder = try! TemporaryFolder()

    private func start(_ web: String, _ options: [String] = []) async throws -> Sidelong {
        let file = try folder.write(web, to: "web.yaml")
        return try await Sidelong(
            ["--redis.addr=127.0.0.1:1", "--wire.interfaces=off", "--web.config.file=\(file)"] + options)
    }

    private func top(_ url: String, _ options: [String] = [], environment: [String: String] = [:]) async throws
        -> String
    {
        let result = try await Sidelong.run(
            ["top", "--once", "--interval=500ms", url] + options, environment: environment)
        return result.status == 0 ? "shown" : result.output
    }

    @Test func usersAndTokens() async throws {
        // "secret", hashed with the lowest cost; and the SHA-256 of "token".
        let sidelong = try await start(
            """
            basic_auth_users:
              ann: $2y$05$\(Self.hashOfSecret)
            api_keys:
              - {name: view, sha256: 3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0}
            """)
        let url = "http://127.0.0.1:\(sidelong.port)"
        let password = try folder.write("secret\n", to: "password")
        let token = try folder.write("token\n", to: "token")
        #expect(try await top(url).contains("status 401; give --client.user"))
        #expect(try await top(url, ["--client.user=ann", "--client.password-file=\(password)"]) == "shown")
        #expect(
            try await top(url, ["--client.user=ann"], environment: ["SIDELONG_CLIENT_PASSWORD": "secret"]) == "shown")
        #expect(
            try await top(url, ["--client.user=ann"], environment: ["SIDELONG_CLIENT_PASSWORD": "x"]).contains("401"))
        #expect(try await top(url, ["--client.token-file=\(token)"]) == "shown")
        #expect(try await top(url, environment: ["SIDELONG_CLIENT_TOKEN": "token"]) == "shown")
        let inURL = try await Sidelong.run(["top", "--once", "http://ann:secret@127.0.0.1:\(sidelong.port)"])
        #expect(inURL.status == 2 && inURL.output.contains("--client.user") && !inURL.output.contains("secret"))
        // Probes need none of it.
        #expect(try await Sidelong.run(["health", url]).status == 0)
    }

    private static let hashOfSecret =
        try! ServerProcess.run("htpasswd", ["-nbBC", "5", "ann", "secret"]).output
        .split(separator: "$").last.map { String($0.prefix { !$0.isNewline }) } ?? ""

    @Test func certificates() async throws {
        let authority = try Certificates(in: folder)
        let server = try authority.sign("server", names: ["DNS:localhost"])
        let client = try authority.sign("client", names: ["DNS:client"])
        let sidelong = try await start(
            """
            tls_server_config:
              cert_file: \(server.certificate)
              key_file: \(server.key)
              client_ca_file: \(authority.authority)
              client_auth_type: RequireAndVerifyClientCert
            """)
        let url = "https://localhost:\(sidelong.port)"
        let own = [
            "--client.tls-cert-file=\(client.certificate)", "--client.tls-key-file=\(client.key)",
        ]
        let trusting = own + ["--client.tls-ca-file=\(authority.authority)"]
        #expect(try await top(url, trusting) == "shown")
        #expect(try await top(url, own + ["--client.tls-skip-verify=true"]) == "shown")
        // Not the system's authority, not this name, no certificate of one's own.
        #expect(try await top(url, own).contains("not to be trusted"))
        #expect(try await top(url, trusting + ["--client.tls-server-name=other.example"]).contains("not to be trusted"))
        let refused = try await top(url, ["--client.tls-ca-file=\(authority.authority)"])
        #expect(refused.contains("client certificate"))
        #expect(try await top(url, [own[0]]).contains("go together"))
        // The health check of such a server, found by the options of the server.
        let web = ["--web.config.file=\(folder.path("web.yaml"))", "--web.listen-address=127.0.0.1:\(sidelong.port)"]
        #expect(try await Sidelong.run(["health"] + web + own).status == 0)
        #expect(try await Sidelong.run(["health"] + web).status == 1)
    }

    @Test func theOwnAddressByTheSameOptionsWhereverTheyStand() async throws {
        let socket = folder.path("s")
        let sidelong = try await start(
            "http_server_config: {http2: false}\n", ["--web.listen-address=unix://\(socket)"])
        #expect(try await top("http://unix://\(socket)") == "shown")
        let address = "127.0.0.1:\(sidelong.port)"
        let file = try folder.write("web:\n  listen-address: \(address)\n", to: "sidelong.yaml")
        for environment in [
            ["SIDELONG_LISTEN": address], ["SIDELONG_WEB_LISTEN_ADDRESS": address], ["SIDELONG_CONFIG_FILE": file],
        ] {
            let health = try await Sidelong.run(["health"], environment: environment)
            #expect(health.status == 0, "\(environment): \(health.output)")
        }
        #expect(try await Sidelong.run(["health", "--web.listen-address=unix://\(socket)"]).status == 0)
    }
    /// The image's health check has no flags, and the server in its container has; it is process 1, or behind an init.
    @Test(arguments: ["exec \"$0\" \"$@\"", "\"$0\" \"$@\" & wait"])
    func aContainersServerByItsOwnFlags(start: String) async throws {
        let server = try Certificates(in: folder).sign("server", names: ["DNS:localhost"])
        let config = try folder.write(
            "tls_server_config: {cert_file: \(server.certificate), key_file: \(server.key)}\n", to: "web.yaml")
        let container = try ServerProcess(
            "unshare",
            [
                "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", "ip link set lo up; \(start)",
                Sidelong.binary, "serve", "--web.listen-address=127.0.0.1:7777", "--web.config.file=\(config)",
                "--redis.addr=127.0.0.1:1", "--wire.interfaces=off",
            ], in: folder)
        try await eventually("a server: \(container.output)") { container.output.contains("msg=listening") }
        let children = "/proc/\(container.identifier)/task/\(container.identifier)/children"
        let first = try String(contentsOfFile: children, encoding: .utf8).trimmingCharacters(in: .whitespaces)
        func health(_ arguments: String...) throws -> (status: Int32, output: String) {
            let inside = ["--target", first, "--net", "--pid", "--mount", Sidelong.binary, "health"]
            return try ServerProcess.run("nsenter", inside + arguments)
        }
        let found = try health()
        #expect(found.status == 0, "\(found.output)")
        // What is said goes first.
        #expect(try health("--web.listen-address=127.0.0.1:7778").status == 1)
        #expect(try health("http://127.0.0.1:7778/").status == 1)
    }
}
