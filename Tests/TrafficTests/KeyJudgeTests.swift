// What single keys are called, words aside.

import Testing

@testable import Traffic

@Suite struct KeyJudgeTests {
    private func name(_ key: String, isWhole: Bool = true, _ kinds: ByteKinds = ByteKinds()) -> String {
        var judge = KeyJudge(NameRules(kinds: kinds, mostPieces: 16, hidesUnmatched: false))
        let bytes = Array(key.utf8)
        judge.judge(bytes.span, isWhole: isWhole)
        return String(printable: judge.name.written)
    }

    @Test(arguments: [
        // Words and delimiters stay.
        ("a/b.c|d,e#f_g-h", "a/b.c|d,e#f_g-h"), ("plain", "plain"), ("", ""), ("a::b:", "a::b:"), ("-", "-"),
        ("caf\u{e9}:1", "caf\u{e9}:*"), ("user_profile:settings", "user_profile:settings"),
        ("App-Config:Main", "App-Config:Main"), ("WP_OPTIONS", "WP_OPTIONS"), ("userId:5", "userId:*"),
        ("userProfile:5", "userProfile:*"), ("shoppingCartItems:5", "shoppingCartItems:*"),
        ("books::42", "books::*"), ("feed::cart", "feed::cart"), ("ab::12", "ab::*"),
        ("spring:session:expirations:1700000000000", "spring:session:expirations:*"),
        // Numbers and what is written with digits and weak delimiters.
        ("12345", "*"), ("user:1234:profile", "user:*:profile"), ("order-2024-11-20", "order-*"),
        ("a_1_2_b", "a_*_b"), ("x:-5", "x:*"), ("user12_34", "user*"), ("events_2026_11", "events_*"),
        ("1.2.3", "*"), ("ids:1,2,3,4", "ids:*,*"), ("ids:1,a,3", "ids:*,a,*"),
        // Short words.
        ("app:v2:user", "app:v2:user"), ("db0", "db0"), ("2fa:x", "2fa:x"), ("k8s", "k8s"), ("v123", "v*"),
        ("oauth2", "oauth*"), ("sha256:x", "sha*:x"), ("S3:x", "S3:x"),
        // Identities.
        ("x_550e8400-e29b-41d4-a716-446655440000_y", "x_*_y"), ("token:deadbee1", "token:*"),
        ("token:dead123", "token:*"), ("token:fadedcab", "token:*"), ("token:cafe", "token:cafe"),
        ("550e8400-e29b-41d4-a716-44665544000", "*"), ("t:AbCdEf12Gh", "t:*"), ("t:cnrwxntPyid", "t:*"),
        ("t:JohnAppleseed", "t:*"), ("t:aB3dE", "t:*"), ("t:qwrtzpsdfgkl", "t:*"), ("ABC-123", "*"),
        ("plate:B-MW-1234", "plate:*"), ("x:a@b", "x:*"), ("a b:c", "*:c"), ("a+b", "*"), ("50%", "*"),
        ("o'brien:x", "*:x"), ("key=value", "*"), ("a*b:c", "*:c"), ("*", "*"), ("{x", "*"), ("x}", "*"),
        ("{a}{b}", "{a}*"), ("{}x", "*"), ("{user:3}:cart", "{user:*}:cart"), ("{\"a\":1}:x", "*"),
        // Addresses, moments, URLs.
        ("rl:::1", "rl:*"), ("rl:2001:db8::", "rl:*"), ("rl:fe80::1%eth0:x", "rl:*:x"), ("rl:[::1]:80", "rl:*:*"),
        ("rl:10.0.0.0/8", "rl:*"), ("rl:02:42:ac:11:00:02:up", "rl:*:up"), ("rl:1:2:3:4:5:6:7", "rl:*:*:*:*:*:*:*"),
        ("at:2024-11-20T07:30:00.5+02:00:x", "at:*:x"), ("at:2024-11-20T07x:1", "at:*:*"),
        ("c:https://a.example/b:c?d=e#f", "c:*"), ("c_http://a|b", "c_*|b"), ("://x", "://x"),
        // Tokens with parts.
        ("views.decorators.cache.cache_page", "views.decorators.cache.cache_page"),
        ("laravel_database_WTrLhCtuMFNjYDWrflFqWAbhaBnAIPtF", "laravel_database_*"),
        ("abc_WTrLhCtuMFNjYDWrflFqWAbhaBnAIPtF", "*"),
        ("img/AbC123xYz98ab/cde", "*"), ("images/AbC123xYz98ab/cde", "images/*"),
        ("/images/AbC123xYz98ab/raw", "/images/*/raw"), ("\u{6}\u{16}3", "*"), ("a.b\u{6}\u{16}9", "a.b*"),
    ])
    func keysAreCalled(key: String, group: String) {
        #expect(name(key) == group)
    }

    @Test func namesAreBounded() {
        let deep = (0..<30).map { "s\(KeyTests.word($0))" }.joined(separator: ":")
        #expect(name(deep).split(separator: ":").count == NameRules.keys.mostPieces + 1)
        #expect(name(deep).hasSuffix(":*"))
        let long = (0..<10).map { _ in "somewhat_long_words_in_a_row" }.joined(separator: ":")
        #expect(
            name(long) == "somewhat_long_words_in_a_row:somewhat_long_words_in_a_row:"
                + "somewhat_long_words_in_a_row:somewhat_long_words_in_a_row:*")
        #expect(name("a:" + (0..<9).map { _ in "words" }.joined(separator: "-")) == "a:*")
        #expect(name(String(repeating: ":", count: 500)).utf8.count <= NameTemplate.longest)
        #expect(name(String(repeating: "a-", count: 250)) == "*")
    }

    @Test func aKeyThatGoesOnEndsInAStar() {
        #expect(name("user:1:pro", isWhole: false) == "user:*:*")
        #expect(name("pro", isWhole: false) == "*")
    }

    /// The rules are the same for other names, with other strong delimiters.
    @Test func otherNamesHaveOtherDelimiters() {
        let path = ByteKinds(strong: Array("/".utf8))
        #expect(name("/api/v1/users/42:archive", path) == "/api/v1/users/*:archive")
        #expect(name("/blog/how-to-cache", path) == "/blog/how-to-cache")
        let table = ByteKinds(strong: Array(".".utf8))
        #expect(name("public.events_2026_11", table) == "public.events_*")
        #expect(name("tenant_42.users", table) == "tenant_*.users")
    }

    /// Words of well-known applications are words.
    @Test func wordsOfApplicationsStay() {
        let words = """
            user users profile session sessions cart celery kombu binding emails queue mailers processed config settings \
            feature flags locks rate limit token oauth refresh horizon sidekiq resque worker retry schedule dead unacked \
            default critical metrics counter stream group consumer inventory product categories checkout wishlist \
            leaderboard notifications heartbeat semaphore throttle organization projects permissions geolocation \
            telemetry thumbnails autocomplete recommendations embeddings completions experiment campaign webhook \
            deliveries analytics pageviews impressions portfolio transaction transactions subscription subscriptions \
            matchmaking hyperloglog objectcache rabbitmq nextcloud kubernetes zookeeper benutzer einstellungen \
            bestellungen utilisateur commandes usuario pedidos zamowienia gebruiker anvandare
            """
        for word in words.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            #expect(name("app:\(word):x") == "app:\(word):x")
            #expect(name("app:\(word)12") == "app:\(word)*")
        }
    }
}
