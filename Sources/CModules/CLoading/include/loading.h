#ifndef SIDELONG_LOADING_H
#define SIDELONG_LOADING_H

#include <stddef.h>

// A library that only some configurations need is loaded when one of them does. It and what it depends on cost no memory
// before: libpq brings Kerberos, LDAP and OpenSSL along, 2.7 MB together.
//
// A C module for such a library lists the functions that are called. Each is defined here under its own name and goes
// through a pointer, so that callers see the library's own header and nothing else; the compiler compares the list with
// that header.

/// A function of a library, and where its address goes.
struct sidelong_symbol {
    const char *_Nonnull name;
    void *_Nullable *_Nonnull address;
};

/// Loads a library and finds all of its functions. Returns NULL, or why it cannot be used.
const char *_Nullable sidelong_load(
    const char *_Nonnull library, const struct sidelong_symbol *_Nonnull symbols, size_t count);

// What a list `FUNCTIONS(EACH)` of EACH(result, name, parameters, arguments) is turned into.
#define SIDELONG_POINTER(result, name, parameters, arguments) static result(*found_##name) parameters;
#define SIDELONG_SYMBOL(result, name, parameters, arguments) {#name, (void **)&found_##name},
#define SIDELONG_FUNCTION(result, name, parameters, arguments) \
    result name parameters { return found_##name arguments; }

#endif
