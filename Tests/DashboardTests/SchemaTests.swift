import Foundation
import TestKit
import Testing

/// The files keep to the schemas in grafana/schema, and the dashboards are what their sources say.
@Suite struct SchemaTests {
    private static let provisioning = [
        "grafana/provisioning/datasources/sidelong.yaml", "grafana/provisioning/dashboards/sidelong.yaml",
    ]

    private func check(_ schema: String, _ file: String) throws -> (status: Int32, output: String) {
        let paths = ["grafana/check", "grafana/schema/\(schema).json", file].map {
            Project.root.appending(path: $0).path
        }
        return try ServerProcess.run("/usr/bin/python3", paths)
    }

    @Test(arguments: Dashboard.files) func dashboard(path: String) throws {
        let result = try check("dashboard", path)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(arguments: provisioning) func provisioningFile(path: String) throws {
        let result = try check("provisioning", path)
        #expect(result.status == 0, "\(result.output)")
    }

    /// A schema that lets everything pass would prove nothing.
    @Test(arguments: [
        ("\"gridPos\"", "\"gridPosition\""), ("\"type\": \"stat\"", "\"type\": \"singlestat\""),
        ("\"unit\": \"bytes\"", "\"unit\": \"byte\""), ("\"schemaVersion\": 39", "\"schemaVersion\": \"39\""),
        ("\"uid\": \"${datasource}\"", "\"uid\": \"prometheus\""), ("\"refresh\": 2", "\"refresh\": 1"),
        ("\"editable\": false", "\"editable\": true"), ("\"justifyMode\"", "\"justify\""),
        ("\"value\": 0.9", "\"value\": \"0.9\""),
    ])
    func aMistakeIsFound(right: String, wrong: String) throws {
        let text = try Project.text("grafana/dashboards/redis.json")
        #expect(text.contains(right))
        let folder = try TemporaryFolder()
        let path = try folder.write(text.replacing(right, with: wrong, maxReplacements: 1), to: "wrong.json")
        let schema = Project.root.appending(path: "grafana/schema/dashboard.json").path
        let result = try ServerProcess.run(
            "/usr/bin/python3", [Project.root.appending(path: "grafana/check").path, schema, path])
        #expect(result.status == 1, "\(result.output)")
        #expect(result.output.contains("wrong.json: $"), "\(result.output)")
    }

    @Test func dashboardsAreAsTheirSourcesSay() throws {
        let folder = try TemporaryFolder()
        let generator = Project.root.appending(path: "grafana/generate").path
        let result = try ServerProcess.run("/usr/bin/python3", [generator, folder.url.path])
        #expect(result.status == 0, "\(result.output)")
        let here = Project.root.appending(path: "grafana/dashboards")
        let names = try FileManager.default.contentsOfDirectory(atPath: here.path)
        #expect(Set(names) == Set(Dashboard.files.map { ($0 as NSString).lastPathComponent }))
        for path in Dashboard.files {
            let written = try String(
                contentsOfFile: folder.path((path as NSString).lastPathComponent), encoding: .utf8)
            #expect(try Project.text(path) == written, "\(path) is stale: run make dashboards")
        }
    }
}
