// Tells ThreadSanitizer what it cannot see. Where two threads want a Mutex of Swift at once, its library lets the kernel
// hand it over (FUTEX_LOCK_PI), and that library is not built with the sanitizer. Everything else about a Mutex is
// inlined into the program. The linker puts these two functions before the library's (--wrap).

#include <stdint.h>

void __tsan_acquire(void *);
void __tsan_release(void *);

// Methods of Synchronization._MutexHandle. The first takes the identifier of the thread.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

METHOD void real_lock(uint32_t thread, SELF) __asm__("__real_" LOCK);
METHOD void real_unlock(SELF) __asm__("__real_" UNLOCK);
METHOD void wrapped_lock(uint32_t thread, SELF) __asm__("__wrap_" LOCK);
METHOD void wrapped_unlock(SELF) __asm__("__wrap_" UNLOCK);

METHOD void wrapped_lock(uint32_t thread, SELF handle) {
    real_lock(thread, handle);
    __tsan_acquire(handle);
}

METHOD void wrapped_unlock(SELF handle) {
    __tsan_release(handle);
    real_unlock(handle);
}
