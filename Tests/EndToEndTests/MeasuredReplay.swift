import TestKit
import Testing

/// The built program has read a recording: what it printed, and the most memory that it had at once.
struct MeasuredReplay {
    let lines: [Substring]
    /// Resident memory at its height, in KiB (getrusage(2)).
    let most: Int

    init(_ recording: [UInt8], _ options: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(recording, to: "recording.pcap")
        let script = """
            import resource, subprocess, sys
            status = subprocess.run(sys.argv[1:]).returncode
            print("most", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)
            sys.exit(status)
            """
        let result = try ServerProcess.run(
            "/usr/bin/python3", ["-c", script, Sidelong.binary, "replay"] + options + [path], in: folder)
        #expect(result.status == 0, "\(result.output.suffix(300))")
        lines = result.output.split(separator: "\n")
        most = try #require(lines.last { $0.hasPrefix("most ") }.flatMap { Int($0.dropFirst(5)) })
    }
}
