#include <pthread.h>
#include <semaphore.h>
#include <time.h>

// GNU's, which Swift's Glibc leaves out.
int pthread_setname_np(pthread_t, const char *);
int sem_clockwait(sem_t *, clockid_t, const struct timespec *);
