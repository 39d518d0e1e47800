import TestKit
import Testing
import Traffic

@testable import Exporter

/// The list of the gateway's API keys, and the line that `hash-key` writes for it.
@Suite struct APIKeyFileTests {
    private let digest = String(repeating: "0123456789abcdef", count: 4)

    private func keys(_ text: String) throws -> [TrafficAPIKey] {
        try APIKeyFile.keys(of: try YAMLNode.parse(text))
    }

    @Test func listsHaveTwoForms() throws {
        let wanted = [TrafficAPIKey(name: "shop", sha256: try #require(SHA256(hexadecimal: digest)))]
        #expect(try keys("- {name: shop, sha256: \(digest)}\n") == wanted)
        #expect(try keys("api_keys:\n  - name: shop\n    sha256: \(digest.uppercased())\n") == wanted)
        #expect(try keys("") == [] && keys("[]") == [] && keys("api_keys: []") == [])
    }

    @Test(arguments: [
        ("shop", "line 1: api_keys: needs a list of {name, sha256}"),
        ("users: []", "line 1: api_keys: needs a list of {name, sha256}"),
        ("- shop", "line 1: api_keys: needs a list of {name, sha256}"),
        ("- {name: shop}", "line 1: api_keys: sha256 is missing"),
        ("- {name: shop, token: secret}", "line 1: token: unknown key; allowed: name, sha256"),
        (
            "- {name: shop, sha256: secret}",
            "line 1: sha256: not the digest of a token; allowed: 64 hexadecimal digits, each token once"
        ),
    ])
    func othersAreRefused(text: String, message: String) {
        #expect {
            try keys(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test func namesAndTokensStandThereOnce() {
        let other = String(digest.reversed())
        #expect(throws: ConfigurationError.self) {
            try keys("- {name: a, sha256: \(digest)}\n- {name: a, sha256: \(other)}\n")
        }
        #expect(throws: ConfigurationError.self) {
            try keys("- {name: a, sha256: \(digest)}\n- {name: b, sha256: \(digest)}\n")
        }
    }

    @Test func lineOfAKeyIsOneOfTheFile() throws {
        let line = try HashKey.line(for: Array("tok-1\n".utf8), named: #"the "shop""#)
        let expected = TrafficAPIKey(name: #"the "shop""#, sha256: SHA256(Array("tok-1".utf8)))
        #expect(try keys(line) == [expected])
        #expect(try HashKey.line(for: Array("tok-1".utf8), named: nil).hasPrefix(#"- {name: "unnamed", sha256: "#))
    }

    @Test(arguments: ["", "\n", "two words", "two\nlines"])
    func whatIsNoKeyIsRefused(input: String) {
        #expect {
            try HashKey.line(for: Array(input.utf8), named: nil)
        } throws: {
            "\($0)".hasPrefix("hash-key: ") && !"\($0)".contains("two")
        }
    }

    @Test func fileIsNamedAndReadAgainByItsCollector() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("- {name: shop, sha256: \(digest)}\n", to: "keys.yaml")
        #expect(try APIKeyFile.keys(in: path).map(\.name) == ["shop"])
        try folder.write("- shop\n", to: "keys.yaml")
        #expect {
            try APIKeyFile.keys(in: path)
        } throws: {
            "\($0)" == "\(path) line 1: api_keys: needs a list of {name, sha256}"
        }
    }
}
