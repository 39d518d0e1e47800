import Foundation
import System
import TestKit
import Testing

struct SmallFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [
        (" geheim \r\n", " geheim "), ("", ""), ("two\nlines\n\n", "two\nlines\n"), ("bare", "bare"), ("\n", ""),
    ])
    func onlyTheLastLineBreakIsNoPartOfAPassword(content: String, password: String) throws {
        #expect(try SmallFile.password(folder.write(content, to: "a")) == password)
    }

    @Test func whatCannotBeReadIsNamedWithItsReason() throws {
        let missing = folder.path("missing")
        #expect(throws: SystemError("\(missing): No such file or directory")) { try SmallFile.read(missing) }
        #expect(throws: SystemError("password file \(missing): No such file or directory")) {
            try SmallFile.password(missing)
        }
        #expect(throws: SystemError("\(folder.url.path): not a regular file")) {
            try SmallFile.read(folder.url.path)
        }
    }

    @Test func aFileIsReadUpToItsLimitAndNotBeyond() throws {
        let path = try folder.write(String(repeating: "x", count: 65536), to: "a")
        #expect(try SmallFile.read(path, limit: 65536).count == 65536)
        #expect(throws: SystemError("\(path): larger than 63 KiB")) { try SmallFile.read(path, limit: 65535) }
    }
}
