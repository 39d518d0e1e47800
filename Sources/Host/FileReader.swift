// The only file of this room that talks to the system. The kernel makes its small files at the moment they are read. So
// each is opened, read to its end and closed again, into one buffer that is kept from file to file.

import Glibc

/// Reads small files of procfs and cgroupfs, and lists their folders.
///
/// Keeps one buffer as large as the largest file so far, so it belongs to one collector. A text that it returns is best
/// let go before the next read: the buffer is copied otherwise.
final class FileReader {
    private var buffer: [UInt8] = Array(repeating: 0, count: 8192)

    /// Reads a file and decodes it.
    ///
    /// - Parameter decode: returns nil for what makes no sense; a file whose last line is cut off is not even shown to
    ///   it.
    func read<Facts>(_ path: String, as decode: (Text) -> Facts?) throws(FileError) -> Facts {
        let text = try text(of: path)
        guard text.isComplete, let facts = decode(text) else { throw .malformed(path) }
        return facts
    }

    /// As ``read(_:as:)``, but nil where the file is absent.
    func readIfPresent<Facts>(_ path: String, as decode: (Text) -> Facts?) throws(FileError) -> Facts? {
        do {
            return try read(path, as: decode)
        } catch .absent {
            return nil
        }
    }

    /// The first `limit` bytes of a file, cut after its last whole line where there is more.
    func text(of path: String, limit: Int = 1 << 20) throws(FileError) -> Text {
        let file = try OpenFile(path)
        var count = 0
        while count < limit {
            if count == buffer.count { buffer += Array(repeating: 0, count: buffer.count) }
            let more = try file.read(into: &buffer, from: count, to: min(buffer.count, limit))
            if more == 0 { return Text(buffer[..<count]) }
            count += more
        }
        let end = buffer[..<count].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? count
        return Text(buffer[..<end])
    }

    /// Whether there is a file or folder of that name which this process can see.
    func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Where a symbolic link points; nil when it cannot be read.
    func destination(of path: String) -> String? {
        var target = [UInt8](repeating: 0, count: 4096)
        let count = unsafe target.withUnsafeMutableBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe readlink(path, $0.baseAddress!, $0.count) }
        }
        return count < 0 ? nil : String(decoding: target.prefix(count), as: UTF8.self)
    }

    /// Shows the names in a folder, without `.` and `..`, until `body` returns false.
    func forEachName(in path: String, _ body: (String) -> Bool) throws(FileError) {
        let folder = try OpenFolder(path)
        while let name = folder.next() {
            if name != "." && name != ".." && !body(name) { return }
        }
    }

    /// How many descriptors the folder `/proc/PID/fd` lists.
    ///
    /// The first thousand are counted. Where there are more, Linux 6.2 and later give their number as the folder's
    /// size, at no further cost; before, they are counted too. The folder itself, open for this purpose, is one of them
    /// where it is this process' own.
    func descriptorCount(in path: String) throws(FileError) -> Int {
        let folder = try OpenFolder(path)
        var count = 0
        while let name = folder.next() {
            if name != "." && name != ".." { count += 1 }
            if count == 1000, let size = folder.size, size > count { return size }
        }
        return count
    }
}

/// Figures of the running system that the kernel's files are written in.
enum SystemUnits {
    /// Clock ticks per second in /proc/stat and /proc/PID/stat (`USER_HZ`).
    static let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
    /// Bytes per page in /proc/PID/stat and statm.
    static let pageSize = Double(max(sysconf(Int32(_SC_PAGESIZE)), 1))
}

/// One open file; closed with its owner.
private struct OpenFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw FileError(errno, path) }
    }

    deinit {
        close(descriptor)
    }

    /// Reads into a range of the buffer and returns how much came; 0 at the end of the file.
    func read(into buffer: inout [UInt8], from start: Int, to end: Int) throws(FileError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress?.advanced(by: start), end - start)
            }
            if count >= 0 { return count }
            if errno != EINTR { throw FileError(errno, path) }
        }
    }
}

/// One open folder; closed with its owner. `@safe`: the pointer is private, valid from init to deinit, and never
/// leaves.
@safe private struct OpenFolder: ~Copyable {
    private let handle: OpaquePointer

    init(_ path: String) throws(FileError) {
        guard let handle = unsafe opendir(path) else { throw FileError(errno, path) }
        unsafe self.handle = handle
    }

    deinit {
        unsafe closedir(handle)
    }

    /// The next name; nil at the end, and when the folder's process has ended.
    func next() -> String? {
        guard let entry = unsafe readdir(handle) else { return nil }
        return unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
            unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The size that the file system states; nil when it does not.
    var size: Int? {
        var facts = stat()
        return unsafe fstat(dirfd(handle), &facts) == 0 ? facts.st_size : nil
    }
}

extension FileError {
    /// Sorts what the kernel answered.
    fileprivate init(_ code: Int32, _ path: String) {
        switch code {
        // ESRCH: the process ended. EOPNOTSUPP: pressure figures are switched off at boot. ENODEV: the cgroup was
        // removed.
        case ENOENT, ENOTDIR, ESRCH, EOPNOTSUPP, ENODEV: self = .absent(path)
        case EACCES, EPERM: self = .denied(path)
        default: self = .unreadable(path, unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
        }
    }
}
