// Functions that stand before those of the C library and of GnuTLS, also for the libraries that call them. On a thread
// that has asked for nothing else they do what those do.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <gnutls/gnutls.h>
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

// The one that would have been called. GnuTLS is not linked by everything that is linked with this.
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void tell_received(bool is_encrypted, int descriptor, bool is_end) {
    int error = errno;
    if (watch.received && watch.is_encrypted == is_encrypted) watch.received(watch.context, descriptor, is_end);
    errno = error;
}

static enum sidelong_outgoing ask_to_send(int descriptor, void *session, const void *bytes, size_t size) {
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
    if (count >= 0 || (errno != EAGAIN && errno != EINTR)) tell_received(false, socket, count <= 0);
    return count;
}

ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    switch (ask_to_send(socket, NULL, bytes, size)) {
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
    if (size > 0) verdict = ask_to_send(socket, NULL, message->msg_iov->iov_base, message->msg_iov->iov_len);
    switch (verdict) {
        case SIDELONG_OUTGOING_PASS: return syscall(SYS_sendmsg, socket, message, flags);
        case SIDELONG_OUTGOING_DROP: return (ssize_t)size;
        case SIDELONG_OUTGOING_RETRY: break;
    }
    errno = EAGAIN;
    return -1;
}

int shutdown(int socket, int how) {
    if (how == SHUT_WR) ask_to_send(socket, NULL, NULL, 0);
    return (int)syscall(SYS_shutdown, socket, how);
}

ssize_t gnutls_record_recv(gnutls_session_t session, void *buffer, size_t size) {
    ssize_t count = REAL(gnutls_record_recv)(session, buffer, size);
    if (count != GNUTLS_E_AGAIN && count != GNUTLS_E_INTERRUPTED)
        tell_received(true, REAL(gnutls_transport_get_int)(session), count <= 0);
    return count;
}

ssize_t gnutls_record_send(gnutls_session_t session, const void *bytes, size_t size) {
    switch (ask_to_send(REAL(gnutls_transport_get_int)(session), session, bytes, size)) {
        case SIDELONG_OUTGOING_PASS: break;
        case SIDELONG_OUTGOING_DROP: return (ssize_t)size;
        case SIDELONG_OUTGOING_RETRY: return GNUTLS_E_AGAIN;
    }
    return REAL(gnutls_record_send)(session, bytes, size);
}

int gnutls_bye(gnutls_session_t session, gnutls_close_request_t how) {
    ask_to_send(REAL(gnutls_transport_get_int)(session), session, NULL, 0);
    return REAL(gnutls_bye)(session, how);
}

ssize_t sidelong_send(int descriptor, void *session, const void *bytes, size_t size) {
    if (!session) return sendto(descriptor, bytes, size, MSG_NOSIGNAL, NULL, 0);
    ssize_t count = REAL(gnutls_record_send)(session, bytes, size);
    if (count >= 0) return count;
    errno = count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED ? EAGAIN : EPIPE;
    return -1;
}
