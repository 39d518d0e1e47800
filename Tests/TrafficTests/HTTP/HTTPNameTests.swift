// Which words of a request reach the page. A client chooses all of them.

import Testing

@testable import Traffic

@Suite struct HTTPNameTests {
    @Test func unknownMethodsAreOne() {
        let figures = http { wire in
            for method in ["BREW", "get", "GETX", String(repeating: "M", count: 200), "QUERY"] {
                wire.exchange(get("/a", method: method), ok)
            }
        }
        #expect(figures.requests == ["_OTHER /a 200": 4, "QUERY /a 200": 1])
    }

    @Test func foreignStatusIsOne() {
        let figures = http { wire in
            wire.exchange(get("/a"), answer(600))
            wire.exchange(get("/a"), answer(999))
            wire.exchange(get("/a"), answer(299))
        }
        #expect(figures.requests == ["GET other other": 2, "GET /a 299": 1])
    }

    @Test func scannersLeaveNoPath() {
        var random = SystemRandomNumberGenerator()
        let figures = http { wire in
            for number in 0..<10_000 {
                let word = ["admin", "login", "wp", "env", "git", "shell", "backup"].randomElement(using: &random)!
                wire.exchange(get("/\(word)\(number % 7)/page\(number)/\(word)"), answer(404))
            }
        }
        #expect(figures.requests == ["GET other 404": 10_000])
    }

    @Test(arguments: [
        ("/api/organizations/123", "/api/organizations/*"), ("/v1/users/alice@example.com", "/v1/users/*"),
        ("/users/550e8400-e29b-41d4-a716-446655440000/posts", "/users/*/posts"), ("/", "/"),
        ("/index.html", "/index.html"),
        ("/a/caf\u{e9}", "/a/*"), ("/a/%0a", "/a/*"), ("/a/\"quoted\"", "/a/*"), ("/search;jsessionid=A1B2", "/search"),
        ("/items/7?page=2&token=x", "/items/*"), ("/1/users", "/*/users"), ("/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f/*"),
        ("/files/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/files/*"), ("/~anna/home", "/*/home"),
        ("/api/v2/orders/", "/api/v2/orders/"),
    ])
    func pathsAreJudgedLikeKeys(_ path: String, _ shown: String) {
        let figures = http { $0.exchange(get(path), ok) }
        #expect(figures.paths == [shown])
    }

    @Test func longPathIsCut() {
        let figures = http { $0.exchange(get("/a/" + String(repeating: "b/", count: 5_000)), ok) }
        #expect(figures.paths == ["/a/b/b/b/b/b/*"])
    }

    @Test func patternsComeFirstAndHideTheRest() throws {
        let patterns = try ["/api/organizations/{id}", "/files/*=/files", "/p/{project}/x"].map(KeyPattern.init(path:))
        let figures = http({ $0.patterns = patterns }) { wire in
            wire.exchange(get("/api/organizations/acme"), ok)
            wire.exchange(get("/api/organizations/7?x=y"), ok)
            wire.exchange(get("/api/organizations/7/members"), ok)
            wire.exchange(get("/files/a/b/c"), ok)
            wire.exchange(get("/set/foo/bar"), ok)
            wire.exchange(get("/p/one/x"), ok)
            wire.exchange(get("/p/two/x"), ok)
        }
        #expect(
            figures.requests == [
                "GET /api/organizations/{id} 200": 2, "GET /files 200": 1, "GET other 200": 2,
                "GET /p/{project}/x 200": 2,
            ])
    }

    @Test func pathsAreBoundedAndTheRestIsExact() {
        let figures = http({
            $0.maxPaths = 10
            $0.maxHistograms = 5
        }) { wire in
            for number in 0..<20 {
                let letter = String(UnicodeScalar(UInt8(97 + number)))
                for _ in 0..<3 { wire.exchange(get("/\(letter)\(letter)/list\(letter)"), ok) }
            }
        }
        #expect(figures.paths.count <= 11 && figures.total == 60)
        #expect(figures.timed.count <= 6 && figures.timed.values.reduce(0, +) == 60)
    }
}
