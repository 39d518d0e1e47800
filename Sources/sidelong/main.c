// Where the kernel starts the program. Swift looks for the arguments in the memory before `environ` and in /proc; a
// preloaded library that sets a variable moves the one, a sandbox hides the other, and a program without its arguments
// would listen everywhere without the rules that it was given. C is handed them.

/// Exporter's `Program`.
_Noreturn void sidelong_main(int count, char **arguments);

int main(int count, char **arguments) { sidelong_main(count, arguments); }
