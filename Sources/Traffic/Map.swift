// The room of traffic: what to read first. It is pure: packets are handed in, figures are asked for.
//
// The way of a packet:
//
//   TrafficEngine    takes it; PortTable says which protocol it is, and which end is the server
//   Packet           from the frame to the segment
//   Lanes            one lane for each protocol, and the budget of memory that they share
//   TCP              Lane and FlowTable: which connection; TargetMap: which target's books; OwnConnections: not
//                    Sidelong's. Flow and HalfStream: bytes in order; what is missing is given up and told
//   Exchange         WireProtocol: what a protocol is asked for; SyncState: may replies be paired with requests?
//
// Then a folder for each protocol, which never uses another's. RedisBooks, HTTPBooks and PostgresBooks are what all
// connections share; there an answered request is filed:
//
//   Redis       RESP: bytes to requests and replies. Commands: where the key is. Connection: pairing. Queues: lists,
//               streams and channels. Figures: in which histograms
//   HTTP        Reading: heads and bodies. Keys: API keys. Conversation: pairing. Books: in which histograms
//   Postgres    Messages: bytes to messages. Statements: their type and table. Conversation: pairing. Measurements
//
// And what they share: Grouping, from a key or a path to the name of its group; Measurements, histograms; Bytes, hashes
// and words. TrafficSnapshot is all figures at one moment, to be scraped or printed.
//
// Why is a command not measured? `sidelong_wire_unmeasured_requests_total` counts it under an UnmeasuredReason: look
// for the calls of `countUnmeasured` with that one. Where it is not even counted there, no packet of it was used
// (PacketFault), its connection is Sidelong's own or encrypted, or its bytes were lost
// (`sidelong_wire_resyncs_total`, SyncState).
