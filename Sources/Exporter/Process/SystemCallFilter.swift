// Which system calls the process may make once it has started: those that it needs to poll, to measure and to serve. It
// starts no program, opens no file for writing, and speaks only over IP, unix sockets and netlink. Whatever is
// not on the list looks like a call that this kernel does not have, so that a newer libc falls back to an older call.

import CSeccomp
import Glibc
import Metrics

/// A seccomp(2) filter, made by libseccomp for whatever processor this is.
enum SystemCallFilter {
    static let active = Descriptor(
        .gauge, "sidelong_system_call_filter_active",
        help: "Whether Sidelong has given up all system calls but those it needs (1) or not (0).")

    /// Why there is no filter.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// Puts the filter in force, for good. Needs `no_new_privs` or CAP_SYS_ADMIN.
    ///
    /// - Parameter everyThread: those that run already as well; otherwise the calling thread and those that it starts.
    static func install(everyThread: Bool = true) throws(Refused) {
        guard let context = unsafe seccomp_init(sidelong_fail_with(UInt16(ENOSYS))) else {
            throw Refused(description: "not enough memory")
        }
        defer { unsafe seccomp_release(context) }
        if everyThread { try check(unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1)) }
        // A search tree instead of a list: the order of the calls does not matter then.
        try check(unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2))
        for name in used + otherwise + seldom { try unsafe allow(name, [], in: context) }
        for (name, condition) in conditional { try unsafe allow(name, [condition], in: context) }
        try check(unsafe seccomp_load(context))
    }

    /// A call that this processor's kernel does not have, such as `open` on arm64, is passed over.
    @unsafe
    private static func allow(
        _ name: String, _ conditions: [scmp_arg_cmp], in context: scmp_filter_ctx
    ) throws(Refused) {
        let number = unsafe seccomp_syscall_resolve_name(name)
        guard number >= 0 else { return }
        try check(
            unsafe seccomp_rule_add_array(context, SCMP_ACT_ALLOW, number, UInt32(conditions.count), conditions))
    }

    private static func check(_ status: Int32) throws(Refused) {
        guard status != 0 else { return }
        throw Refused(description: unsafe String(cString: strerror(-status)))
    }

    /// What the program and its libraries call with Debian's glibc on an x86-64 processor. A test compares it with what
    /// is called with everything switched on, and another processor has some of these under the names below.
    private static let used = [
        // Files of /proc, certificates, passwords; the file of a unix socket goes with its server.
        "read", "write", "lseek", "close", "fcntl", "newfstatat", "access", "getdents64", "unlink",
        "connect", "bind", "listen", "accept", "shutdown", "getsockname", "getsockopt", "setsockopt", "sendto",
        "sendmsg", "recvfrom",
        "poll", "epoll_create1", "epoll_ctl", "epoll_wait", "pipe2",
        "mmap", "munmap", "mprotect", "madvise", "brk",
        "futex", "set_robust_list", "rseq", "gettid", "getpid", "exit", "exit_group",
        "rt_sigprocmask", "rt_sigtimedwait", "getrandom",
    ]

    /// The same under the names of arm64, which has no calls without a folder, and of newer versions of glibc.
    private static let otherwise = [
        "fstat", "faccessat", "readlinkat", "unlinkat", "ppoll", "epoll_pwait", "eventfd2",
    ]

    /// What is called now and then only.
    private static let seldom = [
        // A library that is loaded later; a block that grows; names looked up by DNS; sorting much; a host's name.
        "pread64", "mremap", "sendmmsg", "sysinfo", "uname",
        // The machine's interfaces and addresses, when it is time to look.
        "recvmsg",
        // Which program a process runs, where Redis does not tell the number of its own.
        "readlink",
        // Whose home a password file of libpq's is in.
        "getuid", "geteuid",
        // How many processors there are.
        "sched_getaffinity",
        // Where the clock cannot be read without a call, and where one sleeps.
        "clock_gettime", "gettimeofday", "time", "clock_nanosleep",
        // The end of a signal's handler, of a stop, and last words.
        "rt_sigaction", "rt_sigreturn", "restart_syscall", "writev",
    ]

    /// Calls of which some are needed and others are not.
    private static let conditional: [(name: String, scmp_arg_cmp)] =
        [
            // Threads, never a process.
            ("clone", bits(UInt64(CLONE_THREAD), are: UInt64(CLONE_THREAD), ofArgument: 0)),
            // Files for reading only.
            ("openat", bits(writing, are: 0, ofArgument: 2)),
            // Limits may be read.
            ("prlimit64", bits(.max, are: 0, ofArgument: 2)),
            ("prctl", bits(.max, are: UInt64(PR_SET_NAME), ofArgument: 0)),
            // A crash ends this process and no other.
            ("tgkill", bits(.max, are: UInt64(getpid()), ofArgument: 0)),
        ]
        + [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK].map {
            ("socket", bits(0xFFFF_FFFF, are: UInt64($0), ofArgument: 0))
        }
        // How much there is to read, what kind of file it is, and whatever is about sockets and interfaces.
        + [
            (UInt64(FIONREAD), 0xFFFF_FFFF), (UInt64(FIONBIO), 0xFFFF_FFFF), (UInt64(TCGETS), 0xFFFF_FFFF),
            (0x8900, 0xFFFF_FF00),
        ].map {
            ("ioctl", bits($0.1, are: $0.0, ofArgument: 1))
        }

    private static let writing = UInt64(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

    private static func bits(_ mask: UInt64, are value: UInt64, ofArgument argument: UInt32) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
    }
}
