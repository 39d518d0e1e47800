#include <microhttpd.h>

// MHD_start_daemon and the two MHD_get_..._info functions are variadic, which Swift cannot call. Each shim below names
// the arguments that the server uses, with their types.

/// What a daemon needs for TLS: texts in PEM form and a priority string of GnuTLS. They are read while it starts.
struct sidelong_tls {
    const char *certificate;
    const char *key;
    /// NULL where clients show no certificate.
    const char *client_authority;
    const char *priorities;
};

/// Starts a daemon without a listening socket and without a thread: connections are added, and MHD_run is called, by
/// the owner's own loop. All callbacks get `context`; `tls` is NULL for plain HTTP. Returns NULL when memory or
/// descriptors are short, or when the texts are not what GnuTLS understands.
static inline struct MHD_Daemon *sidelong_start_daemon(
    MHD_AccessHandlerCallback handler, void *(*request_line)(void *, const char *, struct MHD_Connection *),
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connection, void *context,
    size_t connection_memory, unsigned int connections, const struct sidelong_tls *tls) {
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? (void *)tls->certificate : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? (void *)tls->key : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, tls ? (void *)tls->priorities : NULL},
        {tls && tls->client_authority ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
         tls ? (void *)tls->client_authority : NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0, NULL, NULL,
        handler, context,
        MHD_OPTION_URI_LOG_CALLBACK, request_line, context,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connection, context,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_ARRAY, tls ? secure : secure + 4,
        MHD_OPTION_END);
}

/// The descriptor that becomes readable when MHD_run has something to do, or -1.
static inline int sidelong_epoll_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/// The socket of a connection, or -1.
static inline int sidelong_connection_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// GnuTLS' session of a connection, NULL without TLS.
static inline void *sidelong_tls_session(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}
