import Testing

@testable import HTTP

/// Listen addresses as operators write them.
@Suite struct ListenAddressTests {
    @Test(
        arguments: [
            (":9121", .tcp(host: nil, port: 9121)), ("127.0.0.1:9121", .tcp(host: "127.0.0.1", port: 9121)),
            ("[::1]:0", .tcp(host: "::1", port: 0)), ("localhost:80", .tcp(host: "localhost", port: 80)),
            ("[fe80::1%eth0]:9121", .tcp(host: "fe80::1%eth0", port: 9121)),
            ("unix:///run/sidelong.sock", .unix(path: "/run/sidelong.sock")),
        ] as [(String, ListenAddress)])
    func goodAddressesAreReadAndWrittenTheSame(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", "9121", "localhost", ":", ":x", ":-1", ":65536", ":99999999999999999999", "::1:9121", "[::1]", "[::1",
        "[localhost]:1", "::1", "a b:1", "http://host:1", "unix:relative", "unix://relative", ":+80", ":٨٠",
        "unix:///" + String(repeating: "x", count: 107), "[]:1",
    ])
    func badAddressesAreNamed(text: String) {
        #expect {
            try ListenAddress(text)
        } throws: { error in
            guard case HTTPServerError.invalidAddress(let named, _) = error else { return false }
            return named == text && "\(error)".contains("allowed are")
        }
    }
}
