// How glibc's allocator is set up. It gives each thread an arena of its own, which here costs half a megabyte of
// resident memory and brings nothing: at any moment hardly more than one thread allocates.

import CAllocator

enum Allocator {
    /// Lets all threads share one arena. To be called before the first thread starts.
    static func shareOneArena() {
        mallopt(M_ARENA_MAX, 1)
    }
}
