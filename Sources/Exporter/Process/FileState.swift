// Files that an operator changes while the program runs are looked at again and again, and read only when they are
// others.

import Glibc

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
