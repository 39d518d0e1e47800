#ifndef SIDELONG_GNUTLS_H
#define SIDELONG_GNUTLS_H

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/// Loads GnuTLS. To be called before any other function, also by way of libmicrohttpd; returns NULL, or why there is no
/// GnuTLS. May be called again.
const char *_Nullable sidelong_load_gnutls(void);

#endif
