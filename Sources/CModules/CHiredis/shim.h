#include <hiredis/hiredis.h>

/*
 * hiredis allocates the announced number of elements of an array before any of them has arrived, and 0.14 has no limit
 * of its own. The guard puts a budget on it: it stands in the reader's function table in front of the plain functions.
 * Since hiredis 1.0 the count is a size_t and the reader has `maxelements`; the guard can go when that is the oldest.
 */
#if HIREDIS_MAJOR >= 1
typedef size_t sidelong_count;
#else
typedef int sidelong_count;
#endif

struct sidelong_guard {
    redisReplyObjectFunctions functions;
    redisReplyObjectFunctions *plain;
    size_t elements_left;
};

static inline void *sidelong_create_array(const redisReadTask *task, sidelong_count elements) {
    struct sidelong_guard *guard = task->privdata;
    if ((size_t)elements > guard->elements_left)
        return NULL;
    guard->elements_left -= (size_t)elements;
    return guard->plain->createArray(task, elements);
}

/* Puts the guard, which has to outlive the reader, in front of the reader's own functions. */
static inline void sidelong_guard_arrays(redisReader *reader, struct sidelong_guard *guard) {
    guard->plain = reader->fn;
    guard->functions = *reader->fn;
    guard->functions.createArray = sidelong_create_array;
    reader->fn = &guard->functions;
    reader->privdata = guard;
}
