#ifndef SIDELONG_SOCKET_CALLS_H
#define SIDELONG_SOCKET_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// Lets this thread receive so many bytes and then no more, as if nothing else had come; SIZE_MAX sets no limit.
///
/// Returns what was left of the last allowance.
size_t sidelong_allow_receiving(size_t bytes);

/// What becomes of bytes that a library wants to send.
enum sidelong_outgoing {
    /// They are sent.
    SIDELONG_OUTGOING_PASS,
    /// They are not, and the library takes them for sent.
    SIDELONG_OUTGOING_DROP,
    /// The library is to try again when the socket can be written to.
    SIDELONG_OUTGOING_RETRY,
};

/// Who is told of the socket calls that a library makes on this thread.
struct sidelong_watch {
    void *_Nullable context;
    /// Whether GnuTLS' calls are meant, with texts in the clear, or the kernel's.
    bool is_encrypted;
    /// Something came; or the end did, or an error.
    void (*_Nullable received)(void *_Nullable context, int descriptor, bool is_end);
    /// The library is about to send, or without bytes to close its side.
    enum sidelong_outgoing (*_Nullable will_send)(
        void *_Nullable context, int descriptor, void *_Nullable session, const char *_Nullable bytes, size_t size);
};

/// From now on; a watch without functions is none.
void sidelong_watch_socket_calls(struct sidelong_watch watch);

/// For what stands before a library's own functions: the watch of this thread is told, or asked.
void sidelong_tell_received(bool is_encrypted, int descriptor, bool is_end);
enum sidelong_outgoing sidelong_ask_to_send(
    int descriptor, void *_Nullable session, const void *_Nullable bytes, size_t size);

/// How bytes are sent in a session of GnuTLS past the watch; set when that is loaded. Returns like send(2).
extern ssize_t (*_Nullable sidelong_send_encrypted)(
    void *_Nonnull session, const void *_Nonnull bytes, size_t size);

/// Sends past the watch, encrypted where there is a session. Returns how many bytes went, or -1 with errno.
ssize_t sidelong_send(int descriptor, void *_Nullable session, const void *_Nonnull bytes, size_t size);

#endif
