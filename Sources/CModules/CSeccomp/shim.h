#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

// SCMP_ACT_ERRNO is a macro with an argument, which Swift does not see, and prctl(2) is variadic, which it cannot call.

/// The action that lets a call fail with this error.
static inline uint32_t sidelong_fail_with(uint16_t error) { return SCMP_ACT_ERRNO(error); }

/// No core file, and no look into this process for others of the same user.
static inline int sidelong_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }
