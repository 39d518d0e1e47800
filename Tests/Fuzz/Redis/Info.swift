// Any bytes as the text of INFO: the page that comes of them is one that can be read, and no larger than it has to be.

@testable import Redis

func fuzzInfo(_ input: inout FuzzInput) {
    let databases = [nil, 1, 16, Int.max, -1][Int(input.byte()) % 5]
    let text = input.rest()
    let info = InfoReply(text, now: 1_700_000_000)
    precondition(info.skipped <= text.split(separator: UInt8(ascii: "\n")).count)
    PageCheck.check(info.samples(databases: databases), madeFrom: text.count)
    _ = RedisRole(info)
    _ = ServerIdentity(info: text)
}
