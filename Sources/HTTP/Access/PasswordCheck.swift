// Whether a password has a hash, by the system's libcrypt.

import CCrypt
import Glibc

extension PasswordHash {
    /// Whether this is the password's hash.
    ///
    /// Takes the time that the hash's cost asks for, 50 ms at a cost of 10, and 32 KiB meanwhile. That holds for any
    /// password, of which bcrypt takes the first 72 bytes. The comparison takes the same time wherever the two differ.
    func isMade(from password: [UInt8]) -> Bool {
        // C's text ends at a zero, and a password with one must not pass as its beginning.
        let isWhole = !password.contains(0)
        guard let result = computed(from: password), result.utf8.count == text.utf8.count else { return false }
        let difference = zip(result.utf8, text.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 && isWhole
    }

    /// The hash of a password up to its first zero, with this one's cost and salt; nil where libcrypt refuses them.
    func computed(from password: [UInt8]) -> String? {
        let phrase = password.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        var memory: UnsafeMutableRawPointer?
        var size: Int32 = 0
        guard let computed = unsafe crypt_ra(phrase, text, &memory, &size) else { return nil }
        let result = unsafe String(cString: computed)
        if let memory = unsafe memory {
            unsafe explicit_bzero(memory, Int(size))
            unsafe free(memory)
        }
        return result
    }
}
