// The room of Redis: what to read first. Folders from the bottom up; each uses what stands below it only.
//
//   Text          lines and names in the middle of a reply
//   Address       where a server is: URLs, names, what a name leads to
//   Settings      credentials, TLS, patience, and what is looked at in the data (KeySettings)
//   Connection    from an address to replies: RedisConnection is the whole of it, over Socket, TLSSession and
//                 RESPReader (hiredis). ReplyReceiver bounds what a server may say. RedisQuery asks, RedisAnswers are
//                 the replies.
//   Info          INFO: InfoReply walks over the reply once; plain numbers are rows of InfoFields+….swift
//   Cluster       the nodes behind redis-cluster://, each of which becomes a target
//   Parts         what is asked besides INFO, a file each. RedisPart is the shape, RedisCompanion who listens.
//   Keys          parts that look into the data: KeyWalk scans, KeyLook shares round trips
//   Queues        queue systems: QueueSystem is a layout, QueuePart reads any of them, QueueParts lists them
//   Target        one server that is watched. RedisTarget, then RedisTarget+Poll, one poll; RedisParts lists the parts.
//
// "I want another number of INFO": one row in InfoFields+….swift.
//
// "I want another command": one file in Parts and one line in Target/RedisParts.swift. CommandLog.swift is a short
// example, SentinelDetails.swift one that asks about what it was answered.
//
// "Why is my family absent?": a part that is refused throws in samples(from:in:), rests for some minutes and stands as
// sidelong_collector_success 0. A part that does not concern the server is skipped. PollOutcome.swift gathers both.
//
// "How often is it asked?": `pace` of the part; Metrics/PartSchedule.swift keeps the time and the last answer.
//
// "Does it cost the server a round trip?": all parts share one. Only what `followUp` asks takes another.
