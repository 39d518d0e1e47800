// The file of --redis.password-file: one password for all servers, or, as redis_exporter has it, a JSON object with a
// password for each address.

/// What a password file says.
enum PasswordFile {
    case one(String)
    /// Passwords by address, in the order of the file.
    case byAddress([(address: RedisAddress, password: String)])

    /// Why a file of passwords is none. Nothing of it is repeated.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// Takes a text that begins like a JSON object, with a brace and a quotation mark, for one, and any other for a
    /// password.
    init(_ text: String) throws(Malformed) {
        guard FlatJSON.looksLikeObject(text) else {
            self = .one(text)
            return
        }
        guard let entries = FlatJSON.strings(in: text) else {
            throw Malformed(description: "no JSON object of addresses and passwords, both in quotation marks")
        }
        var passwords: [(address: RedisAddress, password: String)] = []
        for (position, entry) in entries.enumerated() {
            do throws(RedisAddress.Malformed) {
                passwords.append((try RedisAddress(entry.name), entry.value))
            } catch {
                throw Malformed(description: "address \(position + 1): \(error)")
            }
        }
        self = .byAddress(passwords)
    }

    /// The password for a server; nil where the file has none for it, or an empty one.
    ///
    /// An entry holds for the endpoint that it names, with TLS or without, and where it names a user for that one only.
    func password(for address: RedisAddress, user: String?) -> String? {
        switch self {
        case .one(let password): return password
        case .byAddress(let entries):
            let own = entries.filter { $0.address.endpoint == address.endpoint }
            let entry =
                own.first { $0.address.user != nil && $0.address.user == user }
                ?? own.first {
                    $0.address.user == nil
                }
            return entry.flatMap { $0.password.isEmpty ? nil : $0.password }
        }
    }
}
