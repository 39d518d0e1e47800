// A map of the room, for the first visit.
//
//   Target/      one server that is watched. Read RedisTarget.swift, then RedisTarget+Poll.swift, one poll.
//   Parts/       what is asked besides INFO, a file each. RedisPart.swift is the shape, RedisParts.swift the one list.
//   Info/        INFO: InfoReply.swift walks over the reply once; plain numbers are rows of InfoFields+….swift.
//   Connection/  from an address to replies: RedisConnection.swift is the whole of it, over Socket, TLSSession and
//                RESPReader (hiredis). ReplyReceiver.swift bounds what a server may say.
//   Cluster/     the nodes behind redis-cluster://, each of which becomes a target.
//
// "I want another number of INFO": one row in InfoFields+….swift.
// "I want another command": one file in Parts/ and one line in RedisParts.swift; CommandLog.swift is a short example,
// SentinelDetails.swift one that asks about what it was answered.
// "Why is my family absent?": a part that is refused throws in samples(from:in:), rests for some minutes and stands as
// sidelong_collector_success 0; a part that does not concern the server is skipped. PollOutcome.swift gathers both.
// "How often is it asked?": `pace` of the part; Metrics/PartSchedule.swift keeps the time and the last answer.
// "Does it cost the server a round trip?": all parts share one. Only what `followUp` asks takes another.
