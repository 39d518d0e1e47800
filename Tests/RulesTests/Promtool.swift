import Foundation
import TestKit
import Testing

/// The distribution's promtool, or the newer one that `Tests/tools/newer-databases` unpacks.
struct Promtool: CustomStringConvertible, Sendable {
    static let installed = Promtool(description: "installed", path: "promtool")
    static let newest = Promtool(
        description: "newest", path: Project.root.appending(path: ".build/tools/promtool-sid/bin/promtool").path)
    static let all = [installed, newest]

    let description: String
    let path: String

    /// Runs it in the project's folder; file names are relative to it.
    func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try ServerProcess.run(
            path,
            arguments.map { argument in
                let file = Project.root.appending(path: argument).path
                return FileManager.default.fileExists(atPath: file) ? file : argument
            })
    }

    func accepts(_ arguments: [String]) throws {
        let result = try run(arguments)
        #expect(result.status == 0, "\(arguments): \(result.output)")
    }
}
