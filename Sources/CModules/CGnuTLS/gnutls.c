// The functions of GnuTLS that are called, by us and by libmicrohttpd, which is linked with these in its place. GnuTLS and
// the eight libraries that it needs are 2.4 MB in memory and a tenth of a start.

#include <errno.h>
#include <stdlib.h>

#include "loading.h"
#include "socket_calls.h"

#pragma GCC visibility push(hidden)
#include "gnutls_functions.h"

#include <gnutls/abstract.h>

// clang-format off
#define FUNCTIONS(EACH) \
    EACH(int, gnutls_alpn_set_protocols, \
        (gnutls_session_t s, const gnutls_datum_t *names, unsigned count, unsigned flags), (s, names, count, flags)) \
    EACH(int, gnutls_certificate_allocate_credentials, (gnutls_certificate_credentials_t *c), (c)) \
    EACH(void, gnutls_certificate_free_credentials, (gnutls_certificate_credentials_t c), (c)) \
    EACH(const gnutls_datum_t *, gnutls_certificate_get_peers, (gnutls_session_t s, unsigned *count), (s, count)) \
    EACH(void, gnutls_certificate_server_set_request, (gnutls_session_t s, gnutls_certificate_request_t r), (s, r)) \
    EACH(void, gnutls_certificate_set_dh_params, (gnutls_certificate_credentials_t c, gnutls_dh_params_t p), (c, p)) \
    EACH(void, gnutls_certificate_set_retrieve_function2, \
        (gnutls_certificate_credentials_t c, gnutls_certificate_retrieve_function2 *f), (c, f)) \
    EACH(void, gnutls_certificate_set_retrieve_function3, \
        (gnutls_certificate_credentials_t c, gnutls_certificate_retrieve_function3 *f), (c, f)) \
    EACH(int, gnutls_certificate_set_x509_key_mem, \
        (gnutls_certificate_credentials_t c, const gnutls_datum_t *certificate, const gnutls_datum_t *key, \
         gnutls_x509_crt_fmt_t format), \
        (c, certificate, key, format)) \
    EACH(int, gnutls_certificate_set_x509_key_mem2, \
        (gnutls_certificate_credentials_t c, const gnutls_datum_t *certificate, const gnutls_datum_t *key, \
         gnutls_x509_crt_fmt_t format, const char *password, unsigned flags), \
        (c, certificate, key, format, password, flags)) \
    EACH(int, gnutls_certificate_set_x509_system_trust, (gnutls_certificate_credentials_t c), (c)) \
    EACH(int, gnutls_certificate_set_x509_trust_mem, \
        (gnutls_certificate_credentials_t c, const gnutls_datum_t *authority, gnutls_x509_crt_fmt_t format), \
        (c, authority, format)) \
    EACH(int, gnutls_certificate_verify_peers, \
        (gnutls_session_t s, gnutls_typed_vdata_st *data, unsigned count, unsigned *status), (s, data, count, status)) \
    EACH(gnutls_cipher_algorithm_t, gnutls_cipher_get, (gnutls_session_t s), (s)) \
    EACH(int, gnutls_credentials_set, (gnutls_session_t s, gnutls_credentials_type_t t, void *c), (s, t, c)) \
    EACH(void *, gnutls_db_get_ptr, (gnutls_session_t s), (s)) \
    EACH(void, gnutls_db_set_ptr, (gnutls_session_t s, void *pointer), (s, pointer)) \
    EACH(void, gnutls_deinit, (gnutls_session_t s), (s)) \
    EACH(void, gnutls_dh_params_deinit, (gnutls_dh_params_t p), (p)) \
    EACH(int, gnutls_dh_params_import_pkcs3, \
        (gnutls_dh_params_t p, const gnutls_datum_t *text, gnutls_x509_crt_fmt_t format), (p, text, format)) \
    EACH(int, gnutls_dh_params_init, (gnutls_dh_params_t *p), (p)) \
    EACH(int, gnutls_handshake, (gnutls_session_t s), (s)) \
    EACH(int, gnutls_hash_fast, \
        (gnutls_digest_algorithm_t a, const void *bytes, size_t size, void *digest), (a, bytes, size, digest)) \
    EACH(int, gnutls_init, (gnutls_session_t *s, unsigned flags), (s, flags)) \
    EACH(void, gnutls_priority_deinit, (gnutls_priority_t p), (p)) \
    EACH(int, gnutls_priority_init, (gnutls_priority_t *p, const char *text, const char **place), (p, text, place)) \
    EACH(int, gnutls_priority_set, (gnutls_session_t s, gnutls_priority_t p), (s, p)) \
    EACH(gnutls_protocol_t, gnutls_protocol_get_version, (gnutls_session_t s), (s)) \
    EACH(int, gnutls_psk_allocate_server_credentials, (gnutls_psk_server_credentials_t *c), (c)) \
    EACH(void, gnutls_psk_free_server_credentials, (gnutls_psk_server_credentials_t c), (c)) \
    EACH(void, gnutls_psk_set_server_credentials_function, \
        (gnutls_psk_server_credentials_t c, gnutls_psk_server_credentials_function *f), (c, f)) \
    EACH(size_t, gnutls_record_check_pending, (gnutls_session_t s), (s)) \
    EACH(int, gnutls_record_get_direction, (gnutls_session_t s), (s)) \
    EACH(int, gnutls_server_name_set, \
        (gnutls_session_t s, gnutls_server_name_type_t t, const void *name, size_t size), (s, t, name, size)) \
    EACH(void *, gnutls_session_get_ptr, (gnutls_session_t s), (s)) \
    EACH(void, gnutls_session_set_ptr, (gnutls_session_t s, void *pointer), (s, pointer)) \
    EACH(void, gnutls_session_set_verify_cert, \
        (gnutls_session_t s, const char *name, unsigned flags), (s, name, flags)) \
    EACH(void, gnutls_session_set_verify_function, \
        (gnutls_session_t s, gnutls_certificate_verify_function *f), (s, f)) \
    EACH(int, gnutls_set_default_priority, (gnutls_session_t s), (s)) \
    EACH(const char *, gnutls_strerror, (int error), (error)) \
    EACH(int, gnutls_transport_get_int, (gnutls_session_t s), (s)) \
    EACH(void, gnutls_transport_set_int2, (gnutls_session_t s, int receiving, int sending), (s, receiving, sending)) \
    EACH(void, gnutls_x509_crt_deinit, (gnutls_x509_crt_t c), (c)) \
    EACH(int, gnutls_x509_crt_get_subject_alt_name, \
        (gnutls_x509_crt_t c, unsigned number, void *name, size_t *size, unsigned *critical), \
        (c, number, name, size, critical)) \
    EACH(int, gnutls_x509_crt_import, \
        (gnutls_x509_crt_t c, const gnutls_datum_t *bytes, gnutls_x509_crt_fmt_t format), (c, bytes, format)) \
    EACH(int, gnutls_x509_crt_init, (gnutls_x509_crt_t *c), (c))

// Those that are looked at, for which see CSocketCalls.
#define OBSERVED(EACH) \
    EACH(int, gnutls_bye, (gnutls_session_t s, gnutls_close_request_t how), (s, how)) \
    EACH(ssize_t, gnutls_record_recv, (gnutls_session_t s, void *bytes, size_t size), (s, bytes, size)) \
    EACH(ssize_t, gnutls_record_send, (gnutls_session_t s, const void *bytes, size_t size), (s, bytes, size))
// clang-format on

FUNCTIONS(SIDELONG_POINTER)
FUNCTIONS(SIDELONG_FUNCTION)
OBSERVED(SIDELONG_POINTER)

// libmicrohttpd calls them when the program begins and ends, whether or not it will encrypt. GnuTLS does it by itself.
int gnutls_global_init(void) { return GNUTLS_E_SUCCESS; }
void gnutls_global_deinit(void) {}

// With what libmicrohttpd makes what GnuTLS frees.
gnutls_alloc_function gnutls_malloc = malloc;

ssize_t gnutls_record_recv(gnutls_session_t session, void *bytes, size_t size) {
    ssize_t count = found_gnutls_record_recv(session, bytes, size);
    if (count != GNUTLS_E_AGAIN && count != GNUTLS_E_INTERRUPTED)
        sidelong_tell_received(true, gnutls_transport_get_int(session), count <= 0);
    return count;
}

ssize_t gnutls_record_send(gnutls_session_t session, const void *bytes, size_t size) {
    switch (sidelong_ask_to_send(gnutls_transport_get_int(session), session, bytes, size)) {
        case SIDELONG_OUTGOING_PASS: break;
        case SIDELONG_OUTGOING_DROP: return (ssize_t)size;
        case SIDELONG_OUTGOING_RETRY: return GNUTLS_E_AGAIN;
    }
    return found_gnutls_record_send(session, bytes, size);
}

int gnutls_bye(gnutls_session_t session, gnutls_close_request_t how) {
    sidelong_ask_to_send(gnutls_transport_get_int(session), session, NULL, 0);
    return found_gnutls_bye(session, how);
}

static ssize_t send_past_the_watch(void *session, const void *bytes, size_t size) {
    ssize_t count = found_gnutls_record_send(session, bytes, size);
    if (count >= 0) return count;
    errno = count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED ? EAGAIN : EPIPE;
    return -1;
}

const char *sidelong_load_gnutls(void) {
    static const struct sidelong_symbol symbols[] = {FUNCTIONS(SIDELONG_SYMBOL) OBSERVED(SIDELONG_SYMBOL)};
    const char *problem = sidelong_load("libgnutls.so.30", symbols, sizeof symbols / sizeof *symbols);
    if (!problem) sidelong_send_encrypted = send_past_the_watch;
    return problem;
}
