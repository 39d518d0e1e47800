#include <spawn.h>

// glibc declares these only for _GNU_SOURCE, which Swift's Glibc module does not define.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
