// MULTI, EXEC and DISCARD.

import Testing

@testable import Traffic

@Suite struct TransactionTests {
    private let get = request("GET", "user:1")

    @Test func transactionsAreTimedByEXEC() {
        let figures = figures { wire in
            wire.exchange(request("MULTI"), "+OK\r\n")
            wire.exchange(request("SET", "a", "1"), "+QUEUED\r\n")
            wire.exchange(request("BLPOP", "l", "0"), "+QUEUED\r\n")
            wire.exchange(get, "+QUEUED\r\n")
            wire.exchange(request("EXEC"), "*3\r\n+OK\r\n*-1\r\n-WRONGTYPE Operation\r\n", after: 400)
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
        #expect(figures.blocking.isEmpty)
        #expect(figures.paired == 6)
        #expect(figures.microseconds("exec") == 400)
        #expect(figures.errors == ["default WRONGTYPE": 1])
        #expect(figures.snapshot.counts.queued == 3)
    }

    @Test func aPipelinedTransactionDoesNotBlock() {
        let figures = figures { wire in
            wire.client(request("MULTI") + request("BLPOP", "l", "0") + request("EXEC") + get)
            wire.server("+OK\r\n+QUEUED\r\n*1\r\n*-1\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func aDiscardedTransactionIsOver() {
        let figures = figures { wire in
            wire.client(request("MULTI") + get + request("DISCARD") + get)
            wire.server("+OK\r\n+QUEUED\r\n+OK\r\n+QUEUED\r\n")  // the last one is a strange value, not a queue
        }
        #expect(figures.commands == ["multi": 1, "discard": 1, "get": 1])
    }

    @Test func anAbortedTransactionIsAnError() {
        let figures = figures { wire in
            wire.client(request("MULTI") + request("NOSUCH") + request("EXEC") + get)
            wire.server("+OK\r\n-ERR unknown command\r\n-EXECABORT Transaction discarded\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "unknown": 1, "exec": 1, "get": 1])
        #expect(figures.errors == ["default ERR": 1, "default EXECABORT": 1])
    }
}
