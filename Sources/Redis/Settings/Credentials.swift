// Our identity on a server: the user and the password that a connection begins with. A password in a target's
// own URL goes before one that is meant for all targets.

import Metrics
import System

/// User and password as they are at this moment.
struct Credentials {
    let user: String?
    let password: String?

    /// - Throws: `.unreadable` where the password file cannot be used.
    init(_ address: RedisAddress, _ settings: RedisSettings) throws(CollectorFailure) {
        user = address.user ?? settings.user
        if let own = address.password {
            password = own
        } else if let file = settings.passwordFile {
            password = try Self.password(in: file, for: address, user)
        } else {
            password = settings.password
        }
    }

    private static func password(
        in path: String, for address: RedisAddress, _ user: String?
    ) throws(CollectorFailure) -> String? {
        do {
            return try PasswordFile(SmallFile.password(path)).password(for: address, user: user)
        } catch let error as SystemError {
            throw CollectorFailure(.unreadable, error.description)
        } catch {
            throw CollectorFailure(.unreadable, "password file \(path): \(error)")
        }
    }

    /// AUTH in the form of Redis 6 where there is a user; nil where there is nothing to say.
    var command: [String]? {
        switch (user, password) {
        case (nil, nil): nil
        case (nil, let password?): ["AUTH", password]
        case (let user?, let password): ["AUTH", user, password ?? ""]
        }
    }

    /// AUTH as servers before 6.0 know it, which have one password and no users.
    var commandBeforeACL: [String]? {
        user == nil ? nil : password.map { ["AUTH", $0] }
    }
}
