import Foundation
import TestKit
import Testing

/// Libraries of our own that are loaded into a program before it starts.
enum Preloaded {
    /// Compiles a fixture.
    ///
    /// - Parameter source: its path in Tests/Fixtures.
    /// - Returns: the path of the library, for LD_PRELOAD.
    static func library(_ source: String, in folder: TemporaryFolder) throws -> String {
        let library = folder.path("preloaded.so")
        let source = Project.root.appending(path: "Tests/Fixtures/\(source)").path
        let compiler = try ServerProcess.run("gcc", ["-shared", "-fPIC", "-o", library, source])
        try #require(compiler.status == 0, "\(compiler.output)")
        return library
    }
}
