// The HTTP protocol itself, by libmicrohttpd: it parses requests, keeps connections alive, sends answers. It gets no
// thread and no listening socket of its own; a loop adds connections and lets it run when its descriptor is readable.

import CMicroHTTPD
import Glibc
import System

/// One libmicrohttpd daemon, for plain HTTP or for one set of TLS settings. All calls come from one thread.
///
/// A class, because several of them are kept in a list.
@safe
final class HTTPDaemon {
    private let handle: OpaquePointer
    private let context: DaemonContext

    /// - Parameter tls: nil for plain HTTP.
    /// - Throws: ``HTTPServerError/cannotStart(reason:)`` when descriptors or memory are short.
    init(
        limits: HTTPLimits, table: ConnectionTable, tls: TLSSettings?, control: LoopControl
    ) throws(HTTPServerError) {
        let guardian = tls.map { settings in
            ClientCertificateGuardian(settings) { control.countAccess { $0.failures[.certificate, default: 0] += 1 } }
        }
        let context = DaemonContext(table: table, guardian: guardian)
        let handle: OpaquePointer?
        if let tls {
            unsafe handle = try Self.start(limits, context, tls)
        } else {
            unsafe handle = Self.start(limits, context, nil)
        }
        guard let handle = unsafe handle else { throw .cannotStart(reason: unsafe String(cString: strerror(errno))) }
        unsafe self.handle = handle
        self.context = context
    }

    /// Closes every connection that is left.
    deinit {
        // The library does not stop while it has suspended connections.
        context.resumeAll()
        unsafe MHD_stop_daemon(handle)
    }

    private static func start(
        _ limits: HTTPLimits, _ context: DaemonContext, _ tls: TLSSettings
    ) throws(HTTPServerError) -> OpaquePointer? {
        let priorities: String
        do throws(TLSProblem) {
            priorities = try tls.priorities
        } catch {
            throw .cannotEncrypt(error)
        }
        // GnuTLS reads the texts while it starts and keeps nothing of them.
        return unsafe tls.certificate.withCString { certificate in
            unsafe tls.key.withCString { key in
                unsafe priorities.withCString { priorities in
                    unsafe (tls.clientAuthority ?? "").withCString { authority in
                        var texts = unsafe sidelong_tls(
                            certificate: certificate, key: key,
                            client_authority: tls.clientAuthority == nil ? nil : authority, priorities: priorities)
                        return unsafe start(limits, context, &texts)
                    }
                }
            }
        }
    }

    private static func start(
        _ limits: HTTPLimits, _ context: DaemonContext, _ tls: UnsafePointer<sidelong_tls>?
    ) -> OpaquePointer? {
        // The table decides how many connections there may be, with a passing excess while a cut one is being closed.
        // The library's own limit stays out of reach.
        unsafe sidelong_start_daemon(
            answerCallback, requestLineCallback, requestEndedCallback, connectionCallback,
            Unmanaged.passUnretained(context).toOpaque(), max(1024, limits.headBytes), UInt32(Int32.max), tls)
    }

    /// Becomes readable when ``run()`` has something to do.
    var descriptor: Int32 { unsafe sidelong_epoll_descriptor(handle) }

    /// True when ``run()`` has something to do that no descriptor shows.
    var hasPendingWork: Bool {
        var milliseconds: UInt64 = 0
        return unsafe MHD_get_timeout(handle, &milliseconds) == .YES && milliseconds == 0
    }

    var isEncrypted: Bool { context.guardian != nil }

    /// True when it has no connection.
    var isIdle: Bool { context.connections == 0 }

    /// Serves a connection from now on; the socket is the library's, whatever comes of it.
    ///
    /// - Returns: false when it was closed instead, for want of memory or descriptors.
    func add(_ descriptor: Int32, from address: SocketAddress) -> Bool {
        unsafe address.withPointer { unsafe MHD_add_connection(handle, descriptor, $0, $1) == .YES }
    }

    /// Goes on with a connection that was told to wait; nothing happens where it is not one of this daemon's.
    func resume(_ descriptor: Int32) {
        context.resume(descriptor)
    }

    /// Reads and writes what can be read and written without waiting.
    func run() {
        SocketCalls.observed(by: context.refusals, isEncrypted: isEncrypted) { unsafe MHD_run(handle) }
    }
}

/// What the callbacks of one daemon need. It lives until the daemon is stopped.
@safe
private final class DaemonContext {
    let table: ConnectionTable
    let guardian: ClientCertificateGuardian?
    let refusals: Refusals
    var connections = 0
    /// Connections that wait for something other than their client, by descriptor. The library keeps them until they
    /// are resumed.
    private var suspended: [Int32: OpaquePointer] = unsafe [:]

    init(table: ConnectionTable, guardian: ClientCertificateGuardian?) {
        self.table = table
        self.guardian = guardian
        refusals = Refusals(table: table)
    }

    @unsafe
    func suspend(_ connection: OpaquePointer?, _ descriptor: Int32) {
        unsafe suspended[descriptor] = connection
        unsafe MHD_suspend_connection(connection)
    }

    func resume(_ descriptor: Int32) {
        guard let connection = unsafe suspended.removeValue(forKey: descriptor) else { return }
        unsafe MHD_resume_connection(connection)
    }

    func resumeAll() {
        for descriptor in unsafe Array(suspended.keys) { resume(descriptor) }
    }
}

// The callbacks. They translate between the library's pointers and the table, and decide nothing.

private func daemonContext(_ context: UnsafeMutableRawPointer?) -> DaemonContext? {
    unsafe context.map { unsafe Unmanaged<DaemonContext>.fromOpaque($0).takeUnretainedValue() }
}

private func requestLineCallback(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    let text = unsafe target.map { unsafe String(cString: $0) } ?? ""
    unsafe daemonContext(context)?.table.requestLine(text, on: sidelong_connection_descriptor(connection))
    return nil
}

/// Called once when a request's head is complete, again with each piece of its body, and a last time at its end.
private func answerCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, body: UnsafePointer<CChar>?,
    bodySize: UnsafeMutablePointer<Int>?, mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let daemon = unsafe daemonContext(context), let mark = unsafe mark else { return .NO }
    let table = daemon.table
    let descriptor = unsafe sidelong_connection_descriptor(connection)
    if unsafe mark.pointee == nil {
        unsafe mark.pointee = context
        let method = unsafe HTTPMethod(named: method.map { unsafe String(cString: $0) } ?? "")
        // An answer that is queued this early makes the library close the connection after it.
        let refusal = unsafe table.head(method, fields: headerFields(of: connection), on: descriptor)
        return refusal.map { unsafe queue($0, on: connection) } ?? .YES
    }
    if let size = unsafe bodySize, unsafe size.pointee > 0 {
        unsafe size.pointee = 0
        return .YES
    }
    switch table.answer(on: descriptor) {
    case .response(let response): return unsafe queue(response, on: connection)
    case .later:
        unsafe daemon.suspend(connection, descriptor)
        return .YES
    case .nothing: return .NO
    }
}

private func requestEndedCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    guard let daemon = unsafe daemonContext(context) else { return }
    let descriptor = unsafe sidelong_connection_descriptor(connection)
    daemon.table.requestEnded(isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK, on: descriptor)
    daemon.refusals.requestEnded(on: descriptor)
}

private func connectionCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, event: MHD_ConnectionNotificationCode
) {
    guard let daemon = unsafe daemonContext(context) else { return }
    guard event == .CONNECTION_NOTIFY_STARTED else {
        let descriptor = unsafe sidelong_connection_descriptor(connection)
        daemon.connections -= 1
        daemon.table.closed(descriptor)
        daemon.refusals.closed(descriptor)
        return
    }
    daemon.connections += 1
    if let guardian = daemon.guardian, let session = unsafe sidelong_tls_session(connection) {
        unsafe TLSLibrary.prepare(session, guardian)
    }
}

private func headerFields(of connection: OpaquePointer?) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    unsafe withUnsafeMutablePointer(to: &fields) { pointer in
        _ = unsafe MHD_get_connection_values_n(
            connection, .HEADER_KIND,
            { context, _, name, nameSize, value, valueSize in
                let name = unsafe UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameSize)
                let value = unsafe UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize)
                unsafe context!.assumingMemoryBound(to: [(name: String, value: String)].self).pointee.append(
                    (name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
                return .YES
            }, pointer)
    }
    return fields
}

/// Hands an answer over. Its body is not copied: the library holds a reference until the last byte is sent. A body in
/// several blocks could be handed over too, but libmicrohttpd ends the process where a long request has left no room
/// for their list.
private func queue(_ answer: HTTPResponse, on connection: OpaquePointer?) -> MHD_Result {
    let body = unsafe Unmanaged.passRetained(answer.body)
    let response = unsafe MHD_create_response_from_buffer_with_free_callback_cls(
        answer.body.count, answer.body.address,
        { context in unsafe Unmanaged<HTTPBody>.fromOpaque(context!).release() }, body.toOpaque())
    guard let response = unsafe response else {
        unsafe body.release()
        return .NO
    }
    defer { unsafe MHD_destroy_response(response) }
    for field in answer.fields where unsafe MHD_add_response_header(response, field.name, field.value) != .YES {
        return .NO
    }
    return unsafe MHD_queue_response(connection, UInt32(clamping: answer.status), response)
}
