// Functions that stand before those of the C library, also for the libraries that call them. On a thread that has asked
// for nothing else they do what those do. Those of GnuTLS are in CGnuTLS.

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "socket_calls.h"

// Once libpq knows of a message that is longer than its buffer, one call of PQconsumeInput reads until the socket is
// empty, and that of a server that sends faster is never empty: 145 MB of a message of 300 MB were seen. There is no
// option for it.
static __thread size_t allowance = SIZE_MAX;

// libmicrohttpd answers what it cannot read as a request by itself, and no callback is told.
static __thread struct sidelong_watch watch;

size_t sidelong_allow_receiving(size_t bytes) {
    size_t left = allowance;
    allowance = bytes;
    return left;
}

void sidelong_watch_socket_calls(struct sidelong_watch new) { watch = new; }

void sidelong_tell_received(bool is_encrypted, int descriptor, bool is_end) {
    int error = errno;
    if (watch.received && watch.is_encrypted == is_encrypted) watch.received(watch.context, descriptor, is_end);
    errno = error;
}

enum sidelong_outgoing sidelong_ask_to_send(int descriptor, void *session, const void *bytes, size_t size) {
    if (!watch.will_send || watch.is_encrypted != (session != NULL)) return SIDELONG_OUTGOING_PASS;
    return watch.will_send(watch.context, descriptor, session, bytes, size);
}

ssize_t recv(int socket, void *buffer, size_t size, int flags) {
    if (allowance == 0) {
        errno = EAGAIN;
        return -1;
    }
    ssize_t count = recvfrom(socket, buffer, size < allowance ? size : allowance, flags, NULL, NULL);
    if (count > 0 && allowance != SIZE_MAX) allowance -= (size_t)count;
    if (count >= 0 || (errno != EAGAIN && errno != EINTR)) sidelong_tell_received(false, socket, count <= 0);
    return count;
}

ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    switch (sidelong_ask_to_send(socket, NULL, bytes, size)) {
        case SIDELONG_OUTGOING_PASS: return sendto(socket, bytes, size, flags, NULL, 0);
        case SIDELONG_OUTGOING_DROP: return (ssize_t)size;
        case SIDELONG_OUTGOING_RETRY: break;
    }
    errno = EAGAIN;
    return -1;
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    size_t size = 0;
    for (size_t index = 0; index < message->msg_iovlen; index++) size += message->msg_iov[index].iov_len;
    enum sidelong_outgoing verdict = SIDELONG_OUTGOING_PASS;
    if (size > 0) verdict = sidelong_ask_to_send(socket, NULL, message->msg_iov->iov_base, message->msg_iov->iov_len);
    switch (verdict) {
        case SIDELONG_OUTGOING_PASS: return syscall(SYS_sendmsg, socket, message, flags);
        case SIDELONG_OUTGOING_DROP: return (ssize_t)size;
        case SIDELONG_OUTGOING_RETRY: break;
    }
    errno = EAGAIN;
    return -1;
}

int shutdown(int socket, int how) {
    if (how == SHUT_WR) sidelong_ask_to_send(socket, NULL, NULL, 0);
    return (int)syscall(SYS_shutdown, socket, how);
}

ssize_t (*sidelong_send_encrypted)(void *session, const void *bytes, size_t size);

ssize_t sidelong_send(int descriptor, void *session, const void *bytes, size_t size) {
    if (session) return sidelong_send_encrypted(session, bytes, size);
    return sendto(descriptor, bytes, size, MSG_NOSIGNAL, NULL, 0);
}
