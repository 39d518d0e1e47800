// The HTTP server's room: what to read first. Folders from the bottom up; the files beside this one are on top.
//
//   Messages    request, response, router, negotiation, compression: no sockets
//   TLS         settings, and GnuTLS behind them
//   Sockets     addresses, listening, limits
//   Access      which clients may ask, and how often: AccessGate decides, PasswordDesk checks beside the loop
//
//   HTTPServer          the whole, as the program sees it: start, replace the rules, stop
//   EventLoop           its one thread: waits, accepts, lets libmicrohttpd work, cuts what is too slow
//   ConnectionTable     what is known of each connection; ConnectionTracker decides about places and deadlines (pure)
//   HTTPDaemon          libmicrohttpd itself, one for each set of TLS settings (DaemonSet)
//   Refusals            what is said where libmicrohttpd would answer by itself
//   SweepPlan           when slow connections are looked for (pure)
//   ResponseTracker     answers on their way, and which reader is slow
//
// A request comes: ListeningSocket, ConnectionTracker.admission, HTTPDaemon's callback, ConnectionTable, AccessGate,
// the handler's HTTPRouter. Its answer goes: HTTPResponse, ResponseTracker, libmicrohttpd.
// The client side is HTTPProbe over ClientConnection, for `sidelong health`, `top` and `advise`.
