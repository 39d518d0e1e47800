import CSpawn
import Glibc

/// Calls that Swift cannot make, for tests of what is forbidden.
public enum SystemCalls {
    /// Calls that no test could afford to succeed in, by name.
    public static let dangerous: [(name: String, number: Int)] = [
        ("ptrace", Int(SYS_ptrace)), ("bpf", Int(SYS_bpf)), ("init_module", Int(SYS_init_module)),
        ("kexec_load", Int(SYS_kexec_load)), ("perf_event_open", Int(SYS_perf_event_open)),
        ("io_uring_setup", Int(SYS_io_uring_setup)), ("keyctl", Int(SYS_keyctl)),
        ("userfaultfd", Int(SYS_userfaultfd)), ("execve", Int(SYS_execve)), ("execveat", Int(SYS_execveat)),
        ("mount", Int(SYS_mount)), ("unshare", Int(SYS_unshare)), ("setns", Int(SYS_setns)),
        ("setuid", Int(SYS_setuid)),
        ("process_vm_readv", Int(SYS_process_vm_readv)), ("clone3", Int(SYS_clone3)), ("capset", Int(SYS_capset)),
        ("pidfd_open", Int(SYS_pidfd_open)), ("chroot", Int(SYS_chroot)), ("personality", Int(SYS_personality)),
    ]

    /// The error of a call with zeros as arguments; 0 when it succeeds.
    public static func error(of number: Int) -> Int32 {
        test_system_call(number) < 0 ? errno : 0
    }

    /// For the calling thread.
    public static func giveUpNewPrivileges() {
        _ = test_give_up_new_privileges()
    }
}
