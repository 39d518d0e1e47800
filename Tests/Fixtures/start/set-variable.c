// Preloaded into a program, this sets a variable before `main`, as agents that observe programs do. The list of variables
// moves into memory of libc's own then, away from the arguments that the kernel has put before it.
#include <stdlib.h>

__attribute__((constructor)) static void begin(void) { setenv("SET_BY_A_LIBRARY", "1", 1); }
