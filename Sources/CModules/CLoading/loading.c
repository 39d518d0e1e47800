#include "loading.h"

#include <dlfcn.h>

const char *sidelong_load(const char *library, const struct sidelong_symbol *symbols, size_t count) {
    void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    if (!handle) return dlerror();
    for (size_t index = 0; index < count; index++) {
        *symbols[index].address = dlsym(handle, symbols[index].name);
        if (!*symbols[index].address) return dlerror();
    }
    return NULL;
}
