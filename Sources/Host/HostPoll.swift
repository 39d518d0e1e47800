// One poll of the machine: every file is asked for here, so that what cannot be read is noted in one place and costs
// only its own families.

import Metrics

/// The parts of the machine that may fail alone, as `collector="…"` names them.
enum HostPart: String, CaseIterable, Sendable {
    case memory = "host_memory"
    case cpu = "host_cpu"
    case pressure = "host_pressure"
    case network = "host_network"
    case cgroup = "host_cgroup"
}

/// The files of one poll, what they brought and what went wrong.
struct HostPoll {
    /// Reads on behalf of this part from now on.
    var part = HostPart.memory
    var samples = Samples()
    /// The first failure of each part.
    private(set) var partFailures: [Collected.PartFailure] = []
    let files: FileReader
    private let deadline: Deadline

    init(_ files: FileReader, before deadline: Deadline) {
        self.files = files
        self.deadline = deadline
    }

    /// Decodes a file that every kernel has; nil, and a part failure, for any failure.
    mutating func read<Facts>(_ path: String, as decode: (Text) -> Facts?) -> Facts? {
        attempt { files throws(FileError) in try files.read(path, as: decode) }
    }

    /// Decodes a file that a kernel or a container may lack; nil where it does, without a part failure.
    mutating func readIfPresent<Facts>(_ path: String, as decode: (Text) -> Facts?) -> Facts? {
        attempt { files throws(FileError) in try files.readIfPresent(path, as: decode) } ?? nil
    }

    /// The smallest of the limits that stand in these files; nil where none of them is there.
    mutating func tightest(_ paths: [String], as decode: (Text) -> CgroupLimit?) -> CgroupLimit? {
        var tightest: CgroupLimit?
        for path in paths {
            guard let limit = readIfPresent(path, as: decode) else { continue }
            tightest = tightest?.tightened(by: limit) ?? limit
        }
        return tightest
    }

    private mutating func attempt<Facts>(_ work: (FileReader) throws(FileError) -> Facts) -> Facts? {
        guard !deadline.isOver else {
            note(CollectorFailure(.timeout, "no time left to read the machine's files"))
            return nil
        }
        do {
            return try work(files)
        } catch {
            note(error.failure)
            return nil
        }
    }

    private mutating func note(_ failure: CollectorFailure) {
        guard !partFailures.contains(where: { $0.part == part.rawValue }) else { return }
        partFailures.append(Collected.PartFailure(part: part.rawValue, failure: failure))
    }
}
