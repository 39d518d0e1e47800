// The functions of OpenSSL that a TLS client calls; libssl brings libcrypto along.

#pragma GCC visibility push(hidden)
#include "openssl_client.h"
#include "loading.h"

// clang-format off
#define FUNCTIONS(EACH) \
    EACH(size_t, BIO_ctrl_pending, (BIO *b), (b)) \
    EACH(BIO *, BIO_new, (const BIO_METHOD *m), (m)) \
    EACH(int, BIO_read, (BIO *b, void *data, int size), (b, data, size)) \
    EACH(const BIO_METHOD *, BIO_s_mem, (void), ()) \
    EACH(int, BIO_write, (BIO *b, const void *data, int size), (b, data, size)) \
    EACH(void, ERR_clear_error, (void), ()) \
    EACH(unsigned long, ERR_get_error, (void), ()) \
    EACH(const char *, ERR_reason_error_string, (unsigned long e), (e)) \
    EACH(long, SSL_CTX_ctrl, (SSL_CTX *c, int command, long number, void *value), (c, command, number, value)) \
    EACH(void, SSL_CTX_free, (SSL_CTX *c), (c)) \
    EACH(int, SSL_CTX_load_verify_locations, (SSL_CTX *c, const char *file, const char *folder), (c, file, folder)) \
    EACH(SSL_CTX *, SSL_CTX_new, (const SSL_METHOD *m), (m)) \
    EACH(uint64_t, SSL_CTX_set_options, (SSL_CTX *c, uint64_t options), (c, options)) \
    EACH(void, SSL_CTX_set_default_passwd_cb, (SSL_CTX *c, pem_password_cb *callback), (c, callback)) \
    EACH(int, SSL_CTX_set_default_verify_paths, (SSL_CTX *c), (c)) \
    EACH(int, SSL_CTX_use_PrivateKey_file, (SSL_CTX *c, const char *file, int type), (c, file, type)) \
    EACH(int, SSL_CTX_use_certificate_chain_file, (SSL_CTX *c, const char *file), (c, file)) \
    EACH(long, SSL_ctrl, (SSL *s, int command, long number, void *value), (s, command, number, value)) \
    EACH(int, SSL_do_handshake, (SSL *s), (s)) \
    EACH(void, SSL_free, (SSL *s), (s)) \
    EACH(X509_VERIFY_PARAM *, SSL_get0_param, (SSL *s), (s)) \
    EACH(int, SSL_get_error, (const SSL *s, int status), (s, status)) \
    EACH(BIO *, SSL_get_rbio, (const SSL *s), (s)) \
    EACH(long, SSL_get_verify_result, (const SSL *s), (s)) \
    EACH(BIO *, SSL_get_wbio, (const SSL *s), (s)) \
    EACH(SSL *, SSL_new, (SSL_CTX *c), (c)) \
    EACH(int, SSL_pending, (const SSL *s), (s)) \
    EACH(int, SSL_read, (SSL *s, void *data, int size), (s, data, size)) \
    EACH(int, SSL_set1_host, (SSL *s, const char *name), (s, name)) \
    EACH(void, SSL_set_bio, (SSL *s, BIO *read, BIO *write), (s, read, write)) \
    EACH(void, SSL_set_connect_state, (SSL *s), (s)) \
    EACH(void, SSL_set_verify, (SSL *s, int mode, SSL_verify_cb callback), (s, mode, callback)) \
    EACH(int, SSL_write, (SSL *s, const void *data, int size), (s, data, size)) \
    EACH(const SSL_METHOD *, TLS_client_method, (void), ()) \
    EACH(int, X509_VERIFY_PARAM_set1_ip_asc, (X509_VERIFY_PARAM *p, const char *address), (p, address)) \
    EACH(const char *, X509_verify_cert_error_string, (long code), (code))
// clang-format on

FUNCTIONS(SIDELONG_POINTER)
FUNCTIONS(SIDELONG_FUNCTION)

#define TEXT(number) #number
#define VERSION(number) TEXT(number)

const char *sidelong_load_openssl(void) {
    static const struct sidelong_symbol symbols[] = {FUNCTIONS(SIDELONG_SYMBOL)};
    return sidelong_load("libssl.so." VERSION(OPENSSL_SHLIB_VERSION), symbols, sizeof symbols / sizeof *symbols);
}
