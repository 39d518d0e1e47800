// The command line as the kernel has laid it down. `ps` and /proc/PID/cmdline show this very memory, so what is secret
// in it is wiped here.

import Glibc

/// The arguments of the process, the program's name among them.
///
/// `@safe`: the memory is the kernel's gift to `main`, and lives as long as the process.
@safe struct ProcessArguments: ~Copyable {
    private let arguments: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    /// - Parameter count: how many there are; a caller of execve(2) may give none at all.
    @unsafe init(_ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, count: Int) {
        unsafe self.arguments = UnsafeMutableBufferPointer(start: arguments, count: count)
    }

    /// The arguments after the program's name. Bytes that are not UTF-8 become replacement characters.
    ///
    /// - Throws: when there is not even a name, which Linux from 5.18 on makes an empty one: what else was lost then
    ///   cannot be known.
    var afterName: [String] {
        get throws(ConfigurationError) {
            guard let name = unsafe arguments.first ?? nil, unsafe name.pointee != 0 else {
                throw ConfigurationError(
                    "started without arguments, not even the program's name, so that options may be lost; give it a name"
                )
            }
            return unsafe arguments.dropFirst().compactMap { argument in
                unsafe argument.map { unsafe String(cString: $0) }
            }
        }
    }

    /// Wipes passwords in addresses out of the command line, as `ps` and /proc/PID/cmdline show it.
    ///
    /// Has to be called after the arguments have been read.
    func scrubSecrets() {
        for index in unsafe arguments.indices {
            guard let argument = unsafe arguments[index] else { continue }
            let bytes = unsafe UnsafeMutableBufferPointer(start: argument, count: strlen(argument))
            let text = unsafe bytes.map { UInt8(bitPattern: $0) }
            for position in ProcessSecrets.secretRanges(in: text).joined() {
                unsafe bytes[position] = CChar(UInt8(ascii: "*"))
            }
        }
    }
}
