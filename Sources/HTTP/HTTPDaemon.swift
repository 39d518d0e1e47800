// The HTTP protocol itself, by libmicrohttpd: it parses requests, keeps connections alive, sends answers. It gets no
// thread and no listening socket of its own; a loop adds connections and lets it run when its descriptor is readable.

import CMicroHTTPD
import Glibc

/// One libmicrohttpd daemon. All calls come from one thread.
@safe
struct HTTPDaemon: ~Copyable {
    private let handle: OpaquePointer
    /// The callbacks' context: it must live until the daemon is stopped.
    private let table: ConnectionTable

    /// - Throws: ``HTTPServerError/cannotStart(reason:)`` when descriptors or memory are short.
    init(limits: HTTPLimits, table: ConnectionTable) throws(HTTPServerError) {
        // The table decides how many connections there may be, with a passing excess while a cut one is being closed. The
        // library's own limit stays out of reach.
        let handle = unsafe sidelong_start_daemon(
            answerCallback, requestLineCallback, requestEndedCallback, connectionCallback,
            Unmanaged.passUnretained(table).toOpaque(), max(1024, limits.headBytes), UInt32(Int32.max))
        guard let handle = unsafe handle else { throw .cannotStart(reason: unsafe String(cString: strerror(errno))) }
        unsafe self.handle = handle
        self.table = table
    }

    /// Closes every connection that is left.
    deinit {
        unsafe MHD_stop_daemon(handle)
    }

    /// Becomes readable when ``run()`` has something to do.
    var descriptor: Int32 { unsafe sidelong_epoll_descriptor(handle) }

    /// True when ``run()`` has something to do that no descriptor shows.
    var hasPendingWork: Bool {
        var milliseconds: UInt64 = 0
        return unsafe MHD_get_timeout(handle, &milliseconds) == .YES && milliseconds == 0
    }

    /// Serves a connection from now on; the socket is the library's, whatever comes of it.
    ///
    /// - Returns: false when it was closed instead, for want of memory or descriptors.
    func add(_ descriptor: Int32, from address: SocketAddress) -> Bool {
        unsafe address.withPointer { unsafe MHD_add_connection(handle, descriptor, $0, $1) == .YES }
    }

    /// Reads and writes what can be read and written without waiting.
    func run() {
        unsafe MHD_run(handle)
    }
}

// The callbacks. They translate between the library's pointers and the table, and decide nothing.

private func table(_ context: UnsafeMutableRawPointer?) -> ConnectionTable? {
    unsafe context.map { unsafe Unmanaged<ConnectionTable>.fromOpaque($0).takeUnretainedValue() }
}

private func requestLineCallback(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    let text = unsafe target.map { unsafe String(cString: $0) } ?? ""
    unsafe table(context)?.requestLine(text, on: sidelong_connection_descriptor(connection))
    return nil
}

/// Called once when a request's head is complete, again with each piece of its body, and a last time at its end.
private func answerCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, body: UnsafePointer<CChar>?,
    bodySize: UnsafeMutablePointer<Int>?, mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let table = unsafe table(context), let mark = unsafe mark else { return .NO }
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
    return table.answer(on: descriptor).map { unsafe queue($0, on: connection) } ?? .NO
}

private func requestEndedCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    unsafe table(context)?.requestEnded(
        isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK, on: sidelong_connection_descriptor(connection))
}

private func connectionCallback(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    mark: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, event: MHD_ConnectionNotificationCode
) {
    guard event == .CONNECTION_NOTIFY_CLOSED else { return }
    unsafe table(context)?.closed(sidelong_connection_descriptor(connection))
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

/// Hands an answer over. Its body is not copied: the library holds a reference until the last byte is sent.
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
