// The files that a web configuration consists of: itself, certificates, keys, authorities. Each is remembered as it was
// just before it was read, so that a change, whenever it comes, is seen at the next look.

import Glibc
import System

/// Reads files and remembers them.
struct WebFiles {
    /// Every file that was read, or that could not be read.
    private(set) var seen: [FileState] = []
    private let text: @Sendable (_ path: String) throws(SystemError) -> String

    /// - Parameter text: what a file holds, or why it cannot be read.
    init(
        _ text: @escaping @Sendable (_ path: String) throws(SystemError) -> String = { path throws(SystemError) in
            try SmallFile.text(path)
        }
    ) {
        self.text = text
    }

    mutating func read(_ path: String) throws(ConfigurationError) -> String {
        seen.append(FileState(path))
        do {
            return try text(path)
        } catch {
            throw ConfigurationError(Shown.problem(error, of: path))
        }
    }

    /// Whether one of them is not what it was. Costs a system call for each.
    var haveChanged: Bool {
        seen.contains { $0 != FileState($0.path) }
    }
}

/// What tells one version of a file from another.
struct FileState: Equatable {
    let path: String
    /// Device, inode, size, times of content and of permissions; empty where there is no such file. Of a symbolic link,
    /// as Kubernetes mounts its secrets, those of what it points to.
    private let marks: [[UInt8]]

    init(_ path: String) {
        self.path = path
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            marks = []
            return
        }
        marks = [
            Self.bytes(of: status.st_dev), Self.bytes(of: status.st_ino), Self.bytes(of: status.st_size),
            Self.bytes(of: status.st_mtim), Self.bytes(of: status.st_ctim),
        ]
    }

    private static func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] {
        unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
    }
}
