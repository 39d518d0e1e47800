// API keys: names on the page, and no byte of a token anywhere.

import Testing

@testable import Traffic

@Suite struct HTTPKeyTests {
    private let keys = [
        TrafficAPIKey(name: "shop", sha256: SHA256(Array("tok-shop-1234567890".utf8))),
        TrafficAPIKey(name: "mobile", sha256: SHA256(Array("tok-mobile-abcdefgh".utf8))),
    ]

    private func figures(_ body: (inout ScriptedConnection) -> Void) -> HTTPFigures {
        let figures = http(keys: keys, { $0.keyFields = ["authorization", "x-api-key"] }, body)
        for word in ["tok-", "1234567890", "abcdefgh", "secret"] { #expect(!figures.page.contains(word)) }
        return figures
    }

    @Test func requestsAreCountedByTheNameOfTheirKey() {
        let figures = figures { wire in
            wire.exchange(get("/a", "Authorization: Bearer tok-shop-1234567890"), ok)
            wire.exchange(get("/a", "AUTHORIZATION:  bearer   tok-shop-1234567890 "), ok)
            wire.exchange(get("/a", "Authorization: tok-shop-1234567890"), ok)
            wire.exchange(get("/a", "X-Api-Key: tok-mobile-abcdefgh"), ok)
            wire.exchange(get("/a", "X-API-Key: secret-of-somebody"), ok)
            wire.exchange(get("/a"), ok)
            wire.exchange(get("/a", "X-API-Keys: tok-shop-1234567890", "Authorizations: tok-shop-1234567890"), ok)
        }
        #expect(figures.keys == ["shop": 3, "mobile": 1, "unknown": 1] && figures.total == 7)
    }

    /// A line that goes on belongs to the line before it, wherever a packet ends.
    @Test(arguments: 1..<62) func aLineThatGoesOnIsNoCredentialOfAnother(cut: Int) {
        let head = Array("GET /a HTTP/1.1\r\nX-Api-Key:\r\nCookie: a=b\r\n tok-shop-1234567890\r\n\r\n".utf8)
        let figures = figures { wire in
            wire.client(String(decoding: head[..<cut], as: UTF8.self), String(decoding: head[cut...], as: UTF8.self))
            wire.wait(10)
            wire.server(ok)
        }
        #expect(figures.keys.isEmpty && figures.total == 1)
    }

    @Test func userOfBasicIsAKeyAndThePasswordIsNot() {
        let figures = figures { wire in
            // tok-shop-1234567890: and alice:secret
            wire.exchange(get("/a", "Authorization: Basic dG9rLXNob3AtMTIzNDU2Nzg5MDo="), ok)
            wire.exchange(get("/a", "Authorization: Basic YWxpY2U6c2VjcmV0"), ok)
        }
        #expect(figures.keys == ["shop": 1, "unknown": 1])
    }

    @Test func proofsOfAPasswordAreNoKeys() {
        let figures = figures { wire in
            wire.exchange(get("/a", "Authorization: Negotiate YII="), answer(401))
            wire.exchange(get("/a", "Authorization: Digest username=\"x\", response=\"y\""), answer(401))
        }
        #expect(figures.keys.isEmpty && figures.keyFailures.isEmpty)
    }

    @Test func refusalsAreCountedByReason() {
        let figures = figures { wire in
            for status in [200, 401, 403, 403, 429, 500] {
                wire.exchange(get("/a", "X-API-Key: tok-mobile-abcdefgh"), answer(status))
            }
            wire.exchange(get("/a", "X-API-Key: nobody"), answer(401))
            wire.exchange(get("/a"), answer(401))
            wire.exchange(get("/a", "Access-Control-Request-Method: GET", method: "OPTIONS"), answer(204))
        }
        #expect(figures.keys == ["mobile": 6, "unknown": 1])
        #expect(
            figures.keyFailures == ["mobile unauthorized": 1, "mobile forbidden": 2, "unknown unauthorized": 1])
        #expect(figures.keyLimited == ["mobile": 1])
    }

    @Test func keyThatIsKnownBeatsOthers() {
        let figures = figures { wire in
            wire.exchange(get("/a", "Authorization: Bearer nobody", "X-API-Key: tok-mobile-abcdefgh"), ok)
            wire.exchange(get("/a", "X-API-Key: tok-mobile-abcdefgh", "Authorization: Bearer tok-shop-1234567890"), ok)
        }
        #expect(figures.keys == ["mobile": 2])
    }

    @Test func tokenMayComeInSeveralPacketsOrOnTheNextLine() {
        let figures = figures { wire in
            let request = Array(get("/a", "Authorization: Bearer tok-shop-1234567890").utf8)
            for byte in request { wire.send([byte], isReply: false) }
            wire.server(ok)
            wire.exchange(get("/a", "X-Api-Key:\r\n tok-mobile-abcdefgh"), ok)
            wire.exchange(get("/a", "Authorization: Bearer\r\n tok-shop-1234567890"), ok)
        }
        #expect(figures.keys == ["shop": 1, "mobile": 1, "unreadable": 1])
    }

    @Test func listMayChange() {
        var counts = APIKeyRows(RowPlaces(plain: 3))
        var credentials = Credentials(fields: ["x-api-key"], hasher: Hasher64(seed: 1))
        credentials.learn(counts.learn(keys))
        let token = Array("tok-shop-1234567890".utf8)
        let shop = credentials.key(token.span, .plain, isWhole: true)
        #expect(counts.names[Int(shop.number)] == "shop")
        credentials.learn(counts.learn([keys[1]]))
        #expect(credentials.key(token.span, .plain, isWhole: true) == .unknown)
        #expect(zip(counts.names, counts.isShown).filter(\.1).map(\.0) == ["unknown", "unreadable", "mobile"])
        credentials.learn(counts.learn([TrafficAPIKey(name: "shop", sha256: keys[0].sha256)]))
        #expect(credentials.key(token.span, .plain, isWhole: true) == shop)
    }

    @Test func withoutAListNothingIsLookedAt() {
        let figures = http { $0.exchange(get("/a", "Authorization: Bearer tok-shop-1234567890"), ok) }
        #expect(figures.keys.isEmpty && !figures.page.contains("api_key"))
    }

    @Test func digestsAreThoseOfTheStandard() {
        // FIPS 180-4 examples, and a block's edge on both sides.
        #expect(
            SHA256([]).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256(Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let edge = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(
            SHA256(edge).hexadecimal == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            SHA256([UInt8](repeating: 97, count: 1_000_000)).hexadecimal
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(SHA256(hexadecimal: SHA256(edge).hexadecimal) == SHA256(edge))
        #expect(SHA256(hexadecimal: "abc") == nil)
    }
}
