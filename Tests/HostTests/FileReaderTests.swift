import Foundation
import Metrics
import TestKit
import Testing

@testable import Host

@Suite struct FileReaderTests {
    private let folder: TemporaryFolder
    private let files = FileReader()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func aFileLargerThanTheBufferIsReadWhole() throws {
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        let path = try folder.write(text, to: "large")
        #expect(try files.read(path) { $0.string } == text)
        let small = try folder.write("small\n", to: "small")
        #expect(try files.read(small) { $0.string } == "small\n")
    }

    @Test func aFileBeyondTheLimitEndsWithItsLastWholeLine() throws {
        let path = try folder.write("one\ntwo\nthree\n", to: "file")
        #expect(try files.text(of: path, limit: 10).string == "one\ntwo\n")
        #expect(try files.text(of: path, limit: 100).string == "one\ntwo\nthree\n")
        #expect(try files.text(of: path, limit: 2).string == "on")
    }

    @Test func aFileThatIsCutOffOrRefusedIsMalformed() throws {
        let cut = try folder.write("12\n34", to: "cut")
        #expect(throws: FileError.malformed(cut)) { try files.read(cut) { $0.line?.number } }
        let refused = try folder.write("x\n", to: "refused")
        #expect(throws: FileError.malformed(refused)) { try files.readIfPresent(refused) { $0.line?.number } }
    }

    @Test func anAbsentFileIsAbsent() throws {
        let path = folder.path("nothing")
        #expect(throws: FileError.absent(path)) { try files.read(path) { $0.string } }
        #expect(try files.readIfPresent(path) { $0.string } == nil)
        #expect(!files.exists(path))
        #expect(files.destination(of: path) == nil)
    }

    @Test func aFolderIsNoFileAndItsReasonIsTold() throws {
        let path = folder.url.path
        let error = #expect(throws: FileError.self) { try files.read(path) { $0.string } }
        #expect(error == .unreadable(path, "Is a directory"))
        #expect(error?.failure.message == "\(path): Is a directory")
    }

    @Test func namesAreShownUntilEnough() throws {
        for name in ["a", "b", "c"] { try folder.write("", to: name) }
        var names: [String] = []
        try files.forEachName(in: folder.url.path) {
            names.append($0)
            return true
        }
        #expect(names.sorted() == ["a", "b", "c"])
        names = []
        try files.forEachName(in: folder.url.path) {
            names.append($0)
            return false
        }
        #expect(names.count == 1)
    }
}
