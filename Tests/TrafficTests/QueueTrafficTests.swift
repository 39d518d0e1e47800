// What goes into queues and out of them, by commands and their replies.

import Testing

@testable import Traffic

extension Figures {
    /// Commands by `queue operation`, without those that never happened.
    var operations: [String: Int] { numbers(RedisTrafficFamilies.queueOperations).filter { $0.value > 0 } }
    var waiting: [String: Int] { numbers(RedisTrafficFamilies.waitingConsumers).filter { $0.value > 0 } }
}

@Suite struct QueueTrafficTests {
    @Test func listsAreCountedInAndOut() {
        let figures = figures { wire in
            wire.exchange(request("LPUSH", "queue:mail", "a", "b", "c"), ":3\r\n")
            wire.exchange(request("RPUSH", "queue:mail", "d"), ":4\r\n")
            wire.exchange(request("RPOP", "queue:mail"), bulk("a"))
            wire.exchange(request("LPOP", "queue:mail", "2"), array("*", "d", "c"))
            wire.exchange(request("RPOP", "queue:mail"), "$-1\r\n")
            wire.exchange(request("LPUSHX", "queue:sms", "a"), ":0\r\n")
            wire.exchange(request("LPUSH", "queue:sms", "a"), "-OOM command not allowed\r\n")
        }
        #expect(figures.operations == ["queue:mail in": 2, "queue:mail out": 2])
    }

    @Test func aStreamIsReadByItsGroupsAndAcknowledged() {
        let entry = "*1\r\n*2\r\n$6\r\nevents\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n"
        let figures = figures { wire in
            wire.exchange(request("XADD", "events", "*", "f", "v"), bulk("1-1"))
            wire.exchange(request("XADD", "events", "NOMKSTREAM", "*", "f", "v"), "$-1\r\n")
            wire.exchange(request("XREADGROUP", "GROUP", "g", "c", "COUNT", "9", "STREAMS", "events", ">"), entry)
            wire.exchange(
                request("XREADGROUP", "GROUP", "g", "c", "BLOCK", "9", "STREAMS", "events", ">"), "*-1\r\n")
            wire.exchange(request("XACK", "events", "g", "1-1"), ":1\r\n")
            wire.exchange(request("XACK", "events", "g", "1-1"), ":0\r\n")
            wire.exchange(request("XREAD", "STREAMS", "events", "0"), entry)
        }
        #expect(figures.operations == ["events in": 1, "events out": 1, "events ack": 1])
    }

    @Test func aWorkerOfSeveralQueuesIsCountedForTheOneThatAnswers() {
        let long = "queue:a-name-that-is-longer-than-words:"
        let figures = figures { wire in
            wire.exchange(request("BRPOP", "queue:high", "queue:low", "5"), array("*", "queue:low", "a"))
            wire.exchange(request("BRPOP", "queue:high", "queue:low", "5"), array("*", "queue:high", "a"))
            wire.exchange(
                request("LMPOP", "2", "queue:high", "queue:low", "LEFT"),
                "*2\r\n$9\r\nqueue:low\r\n*1\r\n$1\r\na\r\n")
            wire.exchange(
                request("BZMPOP", "1", "2", "prio:a", "prio:b", "MIN"),
                "*2\r\n$6\r\nprio:b\r\n*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n")
            wire.exchange(request("BZPOPMIN", "prio:a", "prio:b", "1"), array("*", "prio:a", "a", "1"))
            wire.exchange(request("BLPOP", long + "x", long + "y", "1"), array("*", long + "y", "a"))
        }
        #expect(
            figures.operations == [
                "queue:low out": 2, "queue:high out": 1, "prio:b out": 1, "prio:a out": 1, "other out": 1,
            ])
    }

    @Test func aMoveLeavesOneQueueAndEntersAnother() {
        let figures = figures { wire in
            wire.exchange(request("LMOVE", "jobs:new", "jobs:busy", "RIGHT", "LEFT"), bulk("a"))
            wire.exchange(request("BRPOPLPUSH", "jobs:new", "jobs:busy", "0"), bulk("b"))
            wire.exchange(request("RPOPLPUSH", "jobs:new", "jobs:busy"), "$-1\r\n")
            wire.exchange(request("LREM", "jobs:busy", "1", "a"), ":1\r\n")
            wire.exchange(request("LREM", "timeline", "1", "a"), ":1\r\n")
        }
        #expect(figures.operations == ["jobs:new out": 2, "jobs:busy in": 2, "jobs:busy out": 1])
    }

    /// A score that is a time to come makes a sorted set a queue; a leaderboard or a window of a rate limiter is none.
    @Test func onlySortedSetsOfJobsAreQueues() {
        let figures = figures { wire in
            wire.exchange(request("ZADD", "delayed", "NX", "1700000060", "job"), ":1\r\n")
            wire.exchange(request("ZADD", "delayed", "1700000060.5", "job"), ":0\r\n")
            wire.exchange(request("ZREM", "delayed", "job"), ":1\r\n")
            wire.exchange(request("ZADD", "scheduled", "1700000060000", "job"), ":1\r\n")
            wire.exchange(request("ZADD", "leaders", "120", "player"), ":1\r\n")
            wire.exchange(request("ZREM", "leaders", "player"), ":1\r\n")
            wire.exchange(request("ZADD", "window", "1700000000000", "request"), ":1\r\n")
            wire.exchange(request("ZPOPMIN", "prio"), array("*", "a", "5"))
            wire.exchange(request("ZADD", "prio", "5", "b"), ":1\r\n")
        }
        #expect(
            figures.operations == [
                "delayed in": 1, "delayed out": 1, "scheduled in": 1, "prio out": 1, "prio in": 1,
            ])
    }

    @Test func whatRanInATransactionCounts() {
        let figures = figures { wire in
            wire.exchange(request("MULTI"), "+OK\r\n")
            wire.exchange(request("LPUSH", "queue:mail", "a"), "+QUEUED\r\n")
            wire.exchange(request("RPOP", "queue:mail"), "+QUEUED\r\n")
            wire.exchange(request("PUBLISH", "news", "a"), "+QUEUED\r\n")
            wire.exchange(request("EXEC"), "*3\r\n:1\r\n$1\r\na\r\n:4\r\n")
            wire.exchange(request("MULTI"), "+OK\r\n")
            wire.exchange(request("LPUSH", "queue:mail", "a"), "+QUEUED\r\n")
            wire.exchange(request("DISCARD"), "+OK\r\n")
        }
        #expect(figures.operations == ["queue:mail in": 1, "queue:mail out": 1])
        #expect(figures.numbers(RedisTrafficFamilies.receivers) == ["news": 4])
    }

    @Test func waitingConsumersAreThoseInFlight() {
        var bench = Bench()
        var workers: [ScriptedConnection] = (0..<3).map { ScriptedConnection(clientPort: 50_000 + UInt16($0)) }
        for index in workers.indices {
            workers[index].open()
            workers[index].exchange(request("BRPOP", "queue:a", "queue:b", "1"), "*-1\r\n")
            workers[index].client(request("BRPOP", "queue:a", "queue:b", "1"))
            bench.feed(workers[index])
            workers[index].packets = []
        }
        #expect(bench.figures.waiting == ["queue:a": 3, "queue:b": 3])
        workers[0].server(array("*", "queue:b", "x"))
        workers[1].close()
        bench.feed(workers[0].packets + workers[1].packets)
        #expect(bench.figures.waiting == ["queue:a": 1, "queue:b": 1])
        #expect(bench.figures.operations == ["queue:b out": 1])
    }

    /// Names of persons are hidden, and the number of queues is bounded; what has no room is `other`, exactly.
    @Test func namesAreSafeAndBounded() {
        let subjects = ["mail", "push", "chat", "logs", "bill", "ship", "sync", "text"]
        let names = subjects.flatMap { subject in
            ["new", "todo", "done", "late", "hold", "dead", "slow", "fast"].map { "\(subject):\($0)" }
        }
        let figures = figures { wire in
            for number in 0..<200 {
                wire.exchange(request("LPUSH", "inbox:\(number)@example.com", "a"), ":1\r\n")
            }
            for name in names { wire.exchange(request("LPUSH", name, "a"), ":1\r\n") }
        }
        let operations = figures.operations
        #expect(operations["inbox:* in"] == 200)
        #expect(operations.values.reduce(0, +) == 200 + names.count)
        #expect(operations["other in"] != nil)
        #expect(operations.count == 51)
    }

    @Test func theBusiestKeysAreKeptWhole() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        for _ in 0..<3 { wire.exchange(request("LPUSH", "inbox:17", "a"), ":1\r\n") }
        wire.exchange(request("LPUSH", "inbox:18", "a"), ":1\r\n")
        wire.exchange(request("GET", "inbox:19"), bulk("a"))
        bench.feed(wire)
        _ = bench.engine.name([Array("LPUSH".utf8), Array("inbox:20".utf8), [1]])
        let busiest = bench.engine.busiestQueues(5)
        #expect(busiest.map { String(decoding: $0.name, as: UTF8.self) } == ["inbox:17", "inbox:18"])
        #expect(busiest.allSatisfy { $0.group == "inbox:*" })
        #expect(bench.engine.busiestQueues(1).count == 1)
    }

    /// A name that the capture has cut counts, and is not guessed.
    @Test func aNameThatWasNotCapturedIsOther() {
        let figures = figures { wire in
            wire.snapLength = 14 + 20 + 20 + 60
            wire.exchange(request("RPOP", String(repeating: "queue:", count: 40)), bulk("a"))
            wire.exchange(request("PUBLISH", "news", String(repeating: "x", count: 200)), ":2\r\n")
        }
        #expect(figures.pairs == ["other rpop": 1])
        #expect(figures.operations == ["other out": 1])
        #expect(figures.numbers(RedisTrafficFamilies.receivers) == ["news": 2])
    }
}
