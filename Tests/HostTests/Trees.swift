import Foundation
import Metrics
import TestKit

@testable import Host

/// The recorded trees below Tests/Fixtures/host.
enum Trees {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/host")

    static let machines = ["hybrid", "v2-container", "v1-docker"]

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    /// A copy of a tree that a test may change, owned by whoever runs the test.
    static func copy(_ name: String) throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        let files = FileManager.default
        for entry in try files.subpathsOfDirectory(atPath: path(name)) {
            let source = path("\(name)/\(entry)")
            if let target = try? files.destinationOfSymbolicLink(atPath: source) {
                try files.createSymbolicLink(atPath: copy.path(entry), withDestinationPath: target)
            } else if let data = try? Data(contentsOf: URL(filePath: source)) {
                try data.write(to: copy.url.appending(path: entry))
            } else {
                try files.createDirectory(atPath: copy.path(entry), withIntermediateDirectories: true)
            }
        }
        return copy
    }
}

extension HostCollector {
    /// The collector of a tree with the folders `proc` and `cgroup`.
    init(tree: String) {
        self.init(procfs: "\(tree)/proc", cgroupfs: "\(tree)/cgroup")
    }

    func collect() async throws -> Collected {
        try await collect(before: .after(.seconds(20)))
    }
}

extension Samples {
    /// The page of these samples in the text format.
    var page: String { String(decoding: Exposition([.init(self)]).page(in: .text), as: UTF8.self) }

    /// Names of the families that have samples.
    var names: Set<String> { Set(families.map(\.descriptor.name)) }

    /// The only sample of a family without labels; nil when it is absent.
    func value(_ name: String, _ labels: String...) -> Double? {
        let samples = families.first { $0.descriptor.name == name }?.samples ?? []
        guard case .number(let number)? = samples.first(where: { $0.labels == labels })?.value else { return nil }
        return number
    }

    /// Every number with the name and labels of its series.
    var numbers: [String: Double] {
        var numbers: [String: Double] = [:]
        for family in families {
            for sample in family.samples {
                guard case .number(let number) = sample.value else { continue }
                numbers[([family.descriptor.name] + sample.labels).joined(separator: " ")] = number
            }
        }
        return numbers
    }
}
