// What the kernel gives to every room: what to read first.
//
//   WorkerThread        a thread of one's own, for one piece of work
//   JobThread           a thread for many: jobs in turn, and alarms
//   BlockingExecutor    an actor on a thread of its own, which may block
//   Semaphore, Wakeup   how threads wait for each other, and how a loop in poll(2) is woken
//   WallClock           the time of day
//
//   SmallFile           configuration, certificates, passwords: a whole file that is small, or an error that says why
//   MemoryBudget        how much memory each use may hold, and what had to be given up
//   MemoryHold          what one buffer has taken of that
//   ConnectionWatch     the connections that we open ourselves, so that the capture leaves them out
//   SocketCalls         what libraries receive and send on our sockets without asking
//   LocalEndpoint, LocalAddresses    whose end of a connection is on this machine
//
// There is no libdispatch here, and no Foundation; docs/design.md says why. Tests/lint/run sees to both.
