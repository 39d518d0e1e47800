public import Foundation

/// Files of the project that tests read, and that generated ones are compared with.
public enum Project {
    /// The folder with `Package.swift`.
    public static let root: URL = {
        var folder = URL(filePath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        return folder
    }()

    /// The text of a file, by its path from the project's root.
    public static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The blocks of Swift in a page of the documentation.
    public static func examples(in page: String) throws -> [String] {
        try text(page).components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    /// Whether generated files of this kind are to be written again instead of compared (`make docs`, `make golden`).
    public static func writes(_ kind: String) -> Bool {
        ProcessInfo.processInfo.environment["SIDELONG_WRITE"] == kind
    }

    /// The lines in which a generated text differs from the checked-in file, first the file's, then the new one's.
    ///
    /// Writes the file instead when `kind` is being written; there is no difference then.
    public static func difference(_ generated: String, from path: String, kind: String) throws -> [String] {
        guard !writes(kind) else {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(generated.utf8).write(to: file)
            return []
        }
        let old = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
        let new = generated.split(separator: "\n", omittingEmptySubsequences: false)
        return new.difference(from: old).map { change in
            switch change {
            case .remove(let line, let text, _): "\(path):\(line + 1): - \(text)"
            case .insert(let line, let text, _): "\(path):\(line + 1): + \(text)"
            }
        }
    }
}
