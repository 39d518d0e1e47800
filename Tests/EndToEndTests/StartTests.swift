import Glibc
import TestKit
import Testing

/// The arguments arrive however the program is started: without them it would listen everywhere, without the rules that
/// it was given.
@Suite struct StartTests {
    private static let refused = "sidelong: --nonsense: unknown flag; see --help for the list\n"

    @Test func argumentsSurviveALibraryThatSetsAVariable() async throws {
        let folder = try TemporaryFolder()
        let library = try Preloaded.library("start/set-variable.c", in: folder)
        let result = try await Sidelong.run(["--nonsense"], environment: ["LD_PRELOAD": library])
        #expect(result.status == 2)
        #expect(result.output == Self.refused)
    }

    @Test func argumentsSurviveAnAbsentProc() async throws {
        let hidden = "mount -t tmpfs none /proc && exec \(Sidelong.binary) --nonsense"
        let result = try ServerProcess.run("unshare", ["--mount", "sh", "-c", hidden])
        #expect(result.status == 2)
        #expect(result.output == Self.refused)
    }

    /// Since Linux 5.18 the kernel gives such a program one empty argument.
    @Test func withoutArgumentsNothingStarts() async throws {
        let nameless = try ServerProcess.run("bash", ["-c", "exec -a '' \(Sidelong.binary)"])
        #expect(nameless.status == 2)
        #expect(nameless.output.hasPrefix("sidelong: started without arguments"))
    }

    /// Passwords are wiped where `ps` looks, also when a library has moved the variables.
    @Test func secretsAreWipedInPlace() async throws {
        let folder = try TemporaryFolder()
        let library = try Preloaded.library("start/set-variable.c", in: folder)
        let sidelong = try await Sidelong(
            ["--redis.addr=redis://user:planted@127.0.0.1:1"], environment: ["LD_PRELOAD": library])
        let shown = try ServerProcess.run("cat", ["/proc/\(sidelong.process.identifier)/cmdline"]).output
        #expect(shown.contains("redis://user:*******@127.0.0.1:1"))
        #expect(!shown.contains("planted"))
    }
}
