// The capture's room: what to read first.
//
//   LiveCapture        the whole: opens sockets with CAP_NET_RAW, gives all capabilities up, starts the one thread
//   CaptureLoop        that thread: waits for packets, hands them to the engine, looks after interfaces
//   SharedEngine       the engine between that thread and the readers of its figures
//
// One socket for all interfaces, or one for each named interface:
//
//   TapScope, Tap      a socket with its interfaces, and what was said about it last
//   InterfaceRoster    the interfaces there are, coming and going; InterfaceWatch asks for them, LinkNews says when
//   PacketSocket       AF_PACKET: filter, binding, errors; owns the descriptor
//   SpareRing          a larger ring, made when it is wanted
//   PacketRing         the memory that the kernel fills and the thread reads
//   PacketFilter       which packets are wanted, as a program for the kernel; Meter times what is lost
//
// How much of a packet is kept:
//
//   SnapLengths        by protocol and direction
//   SnapFilters        a socket's two programs: whole packets of Redis, or their beginnings
//   SnapChoice         when which of the two is attached
//
// "My capture is silent": Capabilities, then CaptureStatus, which is what /health/capture says.
// A file instead of an interface (`sidelong replay`), in File:
//
//   PacketFile         an open file, packet by packet
//   PcapReader, PcapngReader     the two formats: where the next packet stands, and when it came
//   FileWindow         the part of the file that is in memory
