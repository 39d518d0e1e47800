// The text of an address, taken apart: all the forms that other Redis tools write. What is not understood is refused
// with a sentence that says what may stand there, and never repeats what may be a password.

/// The parts of `[user[:password]@]host[:port][,host[:port]…][/path][?name=value]`, what stands behind a scheme.
struct RedisURL {
    typealias Malformed = RedisAddress.Malformed
    typealias Host = (name: String, port: UInt16)

    let user: String?
    /// Nil also where it is empty: the general one is used then.
    let password: String?
    /// Hosts with their ports, as they stand there.
    let authority: Substring
    /// What follows the first slash after the hosts; nil without a slash.
    let path: Substring?

    init(_ text: String) throws(Malformed) {
        var rest = Substring(text)
        // The last @ ends the credentials: a password that was not percent-encoded may hold one.
        if let at = rest.lastIndex(of: "@") {
            (user, password) = try Self.credentials(rest[..<at])
            rest = rest[rest.index(after: at)...]
        } else {
            (user, password) = (nil, nil)
        }
        rest = try Self.withoutQuery(rest)
        if let slash = rest.firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        } else {
            path = nil
        }
        authority = rest
    }

    /// The hosts of the comma list, each with the default port where it has none.
    func hosts(port: UInt16) throws(Malformed) -> [Host] {
        var hosts: [Host] = []
        for text in authority.split(separator: ",", omittingEmptySubsequences: false) {
            hosts.append(try Self.host(String(text), port: port))
        }
        return hosts
    }

    /// What follows the prefix; nil where the text has another.
    static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    /// User and password of `user`, `user:password` or `:password`.
    static func credentials(_ text: Substring) throws(Malformed) -> (user: String?, password: String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let user = try decoded(parts[0])
        let password = parts.count == 2 ? try decoded(parts[1]) : ""
        return (user.isEmpty ? nil : user, password.isEmpty ? nil : password)
    }

    /// The text before a `?`. Of all that other tools take there, `db` is accepted and has no meaning: everything that
    /// is read concerns the whole server.
    static func withoutQuery(_ text: Substring) throws(Malformed) -> Substring {
        guard let mark = text.firstIndex(of: "?") else { return text }
        for pair in text[text.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            guard name == "db" || name == "database" else {
                let instead = name == "family" ? "; for one family give a name or an IP address of that family" : ""
                throw Malformed(description: "?\(name)= has no meaning here, only ?db= may stand\(instead)")
            }
            guard parts.count == 2, UInt16(parts[1]) != nil else {
                throw Malformed(description: "?\(name)= must have the whole number of a database")
            }
        }
        return text[..<mark]
    }

    /// One host with its port: `host`, `host:7000`, `[::1]` or `[::1]:7000`.
    static func host(_ text: String, port: UInt16) throws(Malformed) -> Host {
        let name: Substring
        let tail: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw Malformed(description: "an IPv6 address is written [::1] or [::1]:\(port)")
            }
            name = text[text.index(after: text.startIndex)..<end]
            tail = text[text.index(after: end)...]
        } else if text.filter({ $0 == ":" }).count > 1 {
            throw Malformed(description: "an IPv6 address is written in brackets, as in [::1]:\(port)")
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            name = text[..<colon]
            tail = text[colon...]
        }
        guard !name.isEmpty, name.allSatisfy(isHostCharacter) else {
            throw Malformed(description: "the host is missing or has a character that no host name has")
        }
        if tail.isEmpty { return (String(name), port) }
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.allSatisfy(\.isWholeNumber), let port = UInt16(digits), port > 0 else {
            throw Malformed(description: "the port must be a number from 1 to 65535")
        }
        return (String(name), port)
    }

    private static func isHostCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._:%".contains(character))
    }

    /// Undoes percent-encoding (RFC 3986, section 2.1).
    private static func decoded(_ text: Substring) throws(Malformed) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                throw Malformed(description: "a % in user or password must be followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
