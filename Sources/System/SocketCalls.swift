// What libraries do with our sockets without asking. libpq receives as long as anything comes, and libmicrohttpd has
// answers of its own. So functions of ours stand before those that they call (CSocketCalls).

import CSocketCalls
import Glibc

/// Is told of the socket calls that a library makes on a thread.
public protocol SocketCallObserver: AnyObject {
    /// Something came, or nothing will any more.
    func received(isEnd: Bool, on descriptor: Int32)

    /// The library is about to send.
    ///
    /// - Parameters:
    ///   - bytes: how that begins, 16 of them at the most; empty when it is about to close its side.
    ///   - send: sends something else, and returns how much of it went; nil where nobody receives it any more.
    func willSend(
        _ bytes: [UInt8], on descriptor: Int32, send: (ArraySlice<UInt8>) -> Int?
    ) -> SocketCalls.Outgoing
}

/// The socket calls of the calling thread.
public enum SocketCalls {
    /// What becomes of bytes that a library wants to send.
    public enum Outgoing {
        case pass
        /// They are not sent, and the library takes them for sent.
        case drop
        /// It is to try again when the socket can be written to.
        case retry
    }

    /// Lets this thread receive so many bytes and then no more, as if nothing else had come.
    ///
    /// - Parameter bytes: nil for no limit.
    /// - Returns: what was left of the last allowance; `Int.max` without one.
    @discardableResult
    public static func allowReceiving(_ bytes: Int?) -> Int {
        Int(clamping: sidelong_allow_receiving(bytes ?? Int(bitPattern: UInt.max)))
    }

    /// Runs something, and has its calls observed.
    ///
    /// - Parameter isEncrypted: whether GnuTLS' calls are meant, with texts in the clear, or the kernel's.
    public static func observed(by observer: any SocketCallObserver, isEncrypted: Bool, _ body: () -> Void) {
        withExtendedLifetime(Context(observer: observer)) { context in
            unsafe sidelong_watch_socket_calls(
                sidelong_watch(
                    context: Unmanaged.passUnretained(context).toOpaque(), is_encrypted: isEncrypted,
                    received: receivedCallback, will_send: willSendCallback))
            body()
            unsafe sidelong_watch_socket_calls(sidelong_watch())
        }
    }
}

private final class Context {
    let observer: any SocketCallObserver

    init(observer: any SocketCallObserver) {
        self.observer = observer
    }
}

private func observer(_ context: UnsafeMutableRawPointer?) -> any SocketCallObserver {
    unsafe Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().observer
}

private func receivedCallback(context: UnsafeMutableRawPointer?, descriptor: Int32, isEnd: Bool) {
    unsafe observer(context).received(isEnd: isEnd, on: descriptor)
}

private func willSendCallback(
    context: UnsafeMutableRawPointer?, descriptor: Int32, session: UnsafeMutableRawPointer?,
    bytes: UnsafePointer<CChar>?, size: Int
) -> sidelong_outgoing {
    let start = unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : min(size, 16))
    let outgoing = unsafe observer(context).willSend(Array(start), on: descriptor) { bytes in
        let count = unsafe bytes.withUnsafeBytes {
            unsafe $0.isEmpty ? 0 : sidelong_send(descriptor, session, $0.baseAddress!, $0.count)
        }
        return count >= 0 ? count : errno == EAGAIN || errno == EINTR ? 0 : nil
    }
    switch outgoing {
    case .pass: return SIDELONG_OUTGOING_PASS
    case .drop: return SIDELONG_OUTGOING_DROP
    case .retry: return SIDELONG_OUTGOING_RETRY
    }
}
