// How sessions begin, what they are in, and how they end.

import Testing

@testable import Traffic

@Suite struct SessionTests {
    /// What was counted of a connection, from its first byte on.
    private func figures(_ body: (inout SQLTalk) -> Void) -> SQLFigures {
        var talk = SQLTalk()
        talk.wire.open()
        body(&talk)
        return sqlFigures(of: talk.wire.packets)
    }

    private func login(_ talk: inout SQLTalk) {
        talk.client(Ask.startup())
        talk.server(Say.passwordWanted)
        talk.client(Ask.password)
        talk.server(Say.welcome)
        talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
    }

    @Test func encryptionThatIsAcceptedEndsTheReading() {
        for answer in ["S", "G"] {
            let figures = figures { talk in
                talk.exchange(answer == "S" ? Ask.ssl : Ask.gss, Array(answer.utf8))
                talk.client([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])
                talk.server([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])
            }
            #expect(figures.encrypted == 1)
            #expect(figures.queries.isEmpty && figures.resyncs.isEmpty)
        }
        let direct = figures { talk in talk.exchange([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5], [0x16, 3, 3]) }
        #expect(direct.encrypted == 1 && direct.resyncs.isEmpty)
    }

    @Test func encryptionThatIsRefusedIsFollowedByASession() {
        let figures = figures { talk in
            talk.exchange(Ask.gss, Array("N".utf8))
            talk.exchange(Ask.ssl, Array("N".utf8))
            login(&talk)
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.logins == 1 && figures.encrypted == 0 && figures.resyncs.isEmpty)
    }

    @Test(arguments: [0x3_0000, 0x3_0002, 0x3_270F] as [UInt32])
    func everyMinorVersionIsRead(_ version: UInt32) {
        let figures = figures { talk in
            talk.client(Ask.startup(version: version, ["_pq_.test", "1"]))
            talk.server(
                message("v", bytes(UInt64(0))), Say.authenticated,
                message("K", bytes(UInt32(7)) + Array(repeating: 9, count: 32)), Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.users == ["shop app": 1])
    }

    @Test func aFirstMessageMayComeInPieces() {
        let figures = figures { talk in
            for byte in Ask.startup() { talk.client([byte]) }
            talk.server(Say.welcome)
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.users == ["shop app": 1])
    }

    @Test func aCancellationIsCountedAndItsVictimFails() {
        let cancel = figures { talk in talk.client(Ask.request(80_877_102, Array(repeating: 1, count: 36))) }
        #expect(cancel.cancels == 1 && cancel.queries.isEmpty && cancel.resyncs.isEmpty)
        let victim = sqlFigures { talk in
            talk.exchange(Ask.query("SELECT pg_sleep(10)"), Say.columns + Say.error("57014") + Say.ready(), after: 30)
        }
        #expect(victim.errors == ["select 57014": 1])
        #expect(victim.milliseconds == ["select": 30])
    }

    @Test func aWrongPasswordIsARefusedLogin() {
        let figures = figures { talk in
            talk.client(Ask.startup(user: "mallory"))
            talk.server(Say.passwordWanted)
            talk.client(Ask.password)
            talk.server(Say.error("28P01", severity: "FATAL"))
        }
        #expect(figures.loginFailures == ["28P01": 1])
        #expect(figures.logins == 0 && figures.queries.isEmpty && figures.errors.isEmpty)
        #expect(!figures.page.contains("mallory"), "who does not get in gets no series")
    }

    @Test func aReplicaIsCountedAndNotRead() {
        for value in ["true", "database", "1"] {
            let figures = figures { talk in
                talk.client(Ask.startup(["replication", value]))
                talk.server(Say.welcome)
                talk.exchange(Ask.query("IDENTIFY_SYSTEM"), Say.selected(1))
            }
            #expect(figures.replicationSessions == 1)
            #expect(figures.queries.isEmpty && figures.resyncs.isEmpty)
        }
        let off = figures { talk in
            talk.client(Ask.startup(["replication", "false"]))
            talk.server(Say.welcome)
        }
        #expect(off.replicationSessions == 0 && off.logins == 1)
    }

    @Test func anErrorThatEndsTheSessionEndsItsStatement() {
        for (code, wait) in [("57P01", 5), ("08P01", 1_100)] as [(String, UInt64)] {
            let figures = sqlFigures { talk in
                talk.exchange(Ask.query("UPDATE a SET x = 1"), Say.error(code, severity: "FATAL"), after: wait)
                talk.wire.close()
            }
            #expect(figures.errors == ["update \(code)": 1])
            #expect(figures.milliseconds == ["update": Double(wait)])
            #expect(figures.inFlight == 0 && figures.sessionErrors.isEmpty)
        }
    }

    @Test func anErrorThatNobodyAskedForIsTheSessions() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.query("BEGIN"), Say.complete("BEGIN") + Say.ready("T"))
            talk.wait(700)
            talk.server(Say.error("25P03", severity: "FATAL"))
            talk.wire.close()
        }
        #expect(figures.sessionErrors == ["25P03": 1])
        #expect(figures.errors.isEmpty)
        #expect(figures.idleTime == (1, 700))
    }

    @Test func whatIsNoPostgresIsGarbageOnce() {
        let http = figures { talk in
            talk.client(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            talk.server(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
            talk.client(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        }
        #expect(http.resyncs == ["malformed_request": 1])
        let mysql = figures { talk in
            talk.server([74, 0, 0, 0, 10] + Array("8.0.35".utf8))
            talk.client([32, 0, 0, 1, 0x85])
            talk.server([7, 0, 0, 2, 0])
        }
        #expect(mysql.resyncs == ["malformed_reply": 1])
        let odd = sqlFigures { talk in
            talk.client(Array("\u{1}\u{2}\u{3} nonsense".utf8))
            talk.client(Array("\u{1}\u{2}\u{3} nonsense".utf8))
        }
        #expect(odd.resyncs == ["malformed_request": 1])
        #expect(http.queries.isEmpty && mysql.queries.isEmpty && odd.queries.isEmpty)
    }
}
