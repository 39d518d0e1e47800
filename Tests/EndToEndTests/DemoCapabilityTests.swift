import Foundation
import TestKit
import Testing

/// `deploy/demo/capability`: how a user without CAP_NET_RAW is asked for it. A stand-in for sudo says what it was told.
@Suite struct DemoCapabilityTests {
    private static let ordinary = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all"

    /// Runs the script for a program that needs the capability.
    ///
    /// - Parameters:
    ///   - answer: what a user types at a terminal; nil where there is no terminal.
    ///   - user: the command that makes it another user's run.
    /// - Returns: what was said, what sudo was told, and the program's path.
    private func run(
        answer: String?, as user: String = ordinary, prepared: (String) throws -> Void = { _ in }
    ) throws -> (said: String, told: String?, program: String) {
        let folder = try TemporaryFolder()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
        let sudo = try folder.write("#!/bin/sh\necho \"$@\" >\(folder.path("told"))\n", to: "bin/sudo")
        let script = try folder.write(try Project.text("deploy/demo/capability"), to: "capability")
        let program = folder.path("program")
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: program)
        for file in [sudo, script, program] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
        try prepared(program)
        let command = "\(user) \(script) \(program)"
        let run = answer.map { "echo '\($0)' | script -qec '\(command)' /dev/null" } ?? command
        let result = try ServerProcess.run(
            "bash", ["-c", run], environment: ["PATH": "\(folder.path("bin")):/usr/sbin:/usr/bin:/bin"])
        #expect(result.status == 0, "\(result.output)")
        return (result.output, try? String(contentsOfFile: folder.path("told"), encoding: .utf8), program)
    }

    @Test func withoutATerminalItIsOneLine() throws {
        let (said, told, program) = try run(answer: nil)
        #expect(said == "No latencies off the wire, for want of CAP_NET_RAW: sudo setcap cap_net_raw+p \(program)\n")
        #expect(told == nil)
    }

    @Test func atATerminalItAsks() throws {
        let (said, told, program) = try run(answer: "y")
        #expect(said.contains("Run `sudo setcap cap_net_raw+p \(program)` now? [y/N]"))
        #expect(told == "setcap cap_net_raw+p \(program)\n")
    }

    @Test(arguments: ["n", "", "what?"])
    func nothingIsDoneUnasked(answer: String) throws {
        let (said, told, program) = try run(answer: answer)
        #expect(said.contains("CAP_NET_RAW: sudo setcap cap_net_raw+p \(program)"))
        #expect(told == nil)
    }

    @Test func whoHasItIsNotAsked() throws {
        #expect(try run(answer: nil, as: "").said == "")
        let file = try run(answer: nil) { program in
            let setcap = try ServerProcess.run("setcap", ["cap_net_raw+p", program])
            #expect(setcap.status == 0, "\(setcap.output)")
        }
        #expect(file.said == "")
    }
}
