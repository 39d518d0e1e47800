// How glibc's allocator is set up. It gives each thread an arena of its own, which here costs half a megabyte of
// resident memory and brings nothing: at any moment hardly more than one thread allocates.

import CAllocator
import Glibc

enum Allocator {
    /// From which size on a block has pages of its own, which go back with it; and how much may lie free at the end of
    /// the heap. Left alone, both grow with the first large block that is freed, up to 32 and 64 MiB, and what a burst
    /// has taken stays. Pages that are served are smaller, so that no scrape waits for the system.
    private static let largest: Int32 = 2 << 20

    /// Lets all threads share one arena, and keeps it from growing with what was large once. To be called before the
    /// first thread starts.
    static func setUp() {
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, largest)
        mallopt(M_TRIM_THRESHOLD, largest)
    }

    /// Brings the memory that every daemon's start touches, in two steps. Page by page each would be a fault of its
    /// own, and those take a twelfth of the start's processor time. Kernels before 5.14 bring it page by page as ever.
    static func bringMemory() {
        unsafe bring(from: sidelong_zeros_start(), to: sidelong_zeros_end())
        guard let block = unsafe malloc(firstHeap) else { return }
        unsafe bring(from: block, to: block + firstHeap)
        unsafe free(block)
    }

    /// Bytes of the heap that are in use when the first page has been served, with a single Redis.
    private static let firstHeap = 640 << 10

    /// Asks for every page between two addresses. A refusal does no harm (madvise(2), MADV_POPULATE_WRITE).
    private static func bring(from first: UnsafeMutableRawPointer, to end: UnsafeMutableRawPointer) {
        let page = unsafe first - Int(UInt(bitPattern: first) % UInt(getpagesize()))
        _ = unsafe madvise(page, end - page, MADV_POPULATE_WRITE)
    }

    /// Gives free memory back to the system, wherever in the heap it is. Costs about a millisecond.
    static func giveBack() {
        malloc_trim(0)
    }
}
