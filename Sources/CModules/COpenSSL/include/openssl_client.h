#ifndef SIDELONG_OPENSSL_CLIENT_H
#define SIDELONG_OPENSSL_CLIENT_H

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// Loads OpenSSL. To be called once, before any other function; returns NULL, or why there is no OpenSSL.
const char *_Nullable sidelong_load_openssl(void);

#endif
