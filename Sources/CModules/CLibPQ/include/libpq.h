#ifndef SIDELONG_LIBPQ_H
#define SIDELONG_LIBPQ_H

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// Loads libpq. To be called once, before any other function; returns NULL, or why there is no libpq.
const char *_Nullable sidelong_load_libpq(void);

/// Lets this thread receive so many bytes and then no more, as if nothing else had come; SIZE_MAX sets no limit.
///
/// Returns what was left of the last allowance.
size_t sidelong_allow_receiving(size_t bytes);

#endif
