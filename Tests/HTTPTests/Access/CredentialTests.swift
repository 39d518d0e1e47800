import Foundation
import TestKit
import Testing

@testable import HTTP

@Suite struct CredentialTests {
    @Test(arguments: [
        ("Basic dXNlcjpwYXNz", "user", "pass"), ("basic   dXNlcjpwYXNz", "user", "pass"),
        ("Basic dXNlcjpwOnE=", "user", "p:q"), ("Basic Og==", "", ""), ("Basic dXNlcjo=", "user", ""),
    ])
    func basic(field: String, user: String, password: String) {
        #expect(Credential(field) == .password(user: user, password: Array(password.utf8)))
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic dXNlcg==", "Basic dXNlcjpwYXNz=", "Basic dXNl=jpw", "Basic ====", "Basic Zm9v!mFy",
        "Digest username=x", "", " ", "Bearer", "Basic dXNlcjpwYXNz dXNlcjpwYXNz",
    ])
    func whatCannotBeReadIsSaidSo(field: String) {
        #expect(Credential(field) == .unreadable)
    }

    @Test func bearerAndNothing() {
        #expect(Credential("Bearer abc") == .token(Array("abc".utf8)))
        #expect(Credential("bearer   abc") == .token(Array("abc".utf8)))
        #expect(Credential(nil) == .none)
    }

    @Test func base64IsFoundations() {
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
            #expect(Base64.decode(Array(Data(bytes).base64EncodedString().utf8)) == bytes)
        }
    }

    @Test func sha256IsTheStandards() {
        // FIPS 180-4, the example with one block.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let digest = TLSLibrary.sha256(Array("abc".utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(digest == expected)
    }
}

/// bcrypt, with hashes that `htpasswd -B` and OpenBSD have made.
@Suite struct PasswordHashTests {
    /// A well-known test vector of the reference implementation.
    private static let known = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

    @Test func theRightPasswordFits() throws {
        let hash = try #require(PasswordHash(Self.known))
        #expect(hash.cost == 5)
        #expect(hash.isMade(from: Array("U*U".utf8)))
        #expect(!hash.isMade(from: Array("U*U*".utf8)))
        #expect(!hash.isMade(from: []))
        #expect(!hash.isMade(from: Array("U*U\u{0}x".utf8)), "a zero does not end a password")
        #expect(!hash.isMade(from: [UInt8](repeating: 120, count: 100_000)))
    }

    @Test(arguments: [
        "", "secret", "$2a$05$short", "$1$abc$def", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO:W",
        "$2a$+5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    ])
    func whatIsNoHashIsRefused(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func nobodysHashIsAsDearAsTheDearest() throws {
        let dear = try #require(PasswordHash("$2y$06$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
        let cheap = try #require(PasswordHash(Self.known))
        let nobody = PasswordHash.ofNobody(besides: [cheap, dear])
        #expect(nobody.cost == 6)
        #expect(!nobody.isMade(from: Array("U*U".utf8)))
        // A salt that libcrypt refuses would cost no time.
        #expect(nobody.computed(from: Array("U*U".utf8))?.hasPrefix("$2y$06$sidelong") == true)
        #expect(PasswordHash.ofNobody(besides: []).cost == PasswordHash.costs.lowerBound)
    }
}
