#ifndef SIDELONG_LIBPQ_H
#define SIDELONG_LIBPQ_H

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// Loads libpq. To be called once, before any other function; returns NULL, or why there is no libpq.
const char *_Nullable sidelong_load_libpq(void);

#endif
