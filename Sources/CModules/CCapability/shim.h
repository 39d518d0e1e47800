#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// capget(2) and capset(2) have no wrapper in glibc, and syscall(2) and prctl(2) are variadic, which Swift cannot call.

/// The calling thread's permitted capabilities, one bit each; 0 when they cannot be read.
static inline uint64_t sidelong_permitted_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    return (uint64_t)data[1].permitted << 32 | data[0].permitted;
}

/// Sets the calling thread's capabilities; the inheritable ones become none. 0 or -1 with errno.
static inline int sidelong_set_capabilities(uint64_t effective, uint64_t permitted) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)effective, (uint32_t)permitted, 0},
        {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), 0},
    };
    return (int)syscall(SYS_capset, &header, data);
}

/// prctl(2) with up to two arguments; the rest is 0, as some operations demand.
static inline int sidelong_prctl(int operation, unsigned long argument, unsigned long second) {
    return prctl(operation, argument, second, 0UL, 0UL);
}
