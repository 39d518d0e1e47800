public import Foundation

/// The checkers of deployment files that `Tests/tools/checkers` unpacks.
public enum Checker {
    /// Runs one of them.
    ///
    /// - Returns: its exit status and everything it wrote.
    public static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let path = Project.root.appending(path: ".build/tools/checkers/bin/\(name)").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw NeverHappened(description: "\(name) is not there; `make tools` installs what tests need")
        }
        return try ServerProcess.run(path, arguments, environment: environment)
    }

    /// The documents of a YAML file, as JSON.
    public static func documents(ofYAML path: String) throws -> Data {
        let program = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
        let result = try run("python3", ["-c", program, path])
        guard result.status == 0 else { throw NeverHappened(description: "\(path): \(result.output)") }
        return Data(result.output.utf8)
    }
}
