#include <spawn.h>

// glibc declares these only for _GNU_SOURCE, which Swift's Glibc module does not define.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// syscall(2) and prctl(2) are variadic, which Swift cannot call.

/// Makes a system call by its number, with zeros as arguments.
static inline long test_system_call(long number) { return syscall(number, 0L, 0L, 0L, 0L, 0L, 0L); }

/// What an unprivileged thread needs to do before it takes a filter.
static inline int test_give_up_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL); }

#include <fcntl.h>
#include <stdint.h>
#include <sys/fanotify.h>

/// Asks to be asked before anybody opens the file (fanotify(7)); returns a descriptor, or -1. Needs root.
static inline int test_hold_up_opening(const char *path) {
    int descriptor = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY);
    if (descriptor >= 0 && fanotify_mark(descriptor, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, path) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}
