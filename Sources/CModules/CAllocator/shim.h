#include <malloc.h>
#include <sys/mman.h>

// Where the variables of the program are that begin as zeros (.bss), as the linker has laid them out: the first address,
// and the one behind the last.

static inline void *sidelong_zeros_start(void) {
    extern char __bss_start[];
    return __bss_start;
}

static inline void *sidelong_zeros_end(void) {
    extern char _end[];
    return _end;
}
