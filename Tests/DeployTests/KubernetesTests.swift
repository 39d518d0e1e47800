import Foundation
import TestKit
import Testing

/// The manifests, as kustomize puts them together.
@Suite struct KubernetesTests {
    @Test(arguments: ["capture", "restricted"])
    func everyResourceIsStrictlyValid(overlay: String) throws {
        let built = try Overlay(overlay)
        let resources = try built.resources()
        let custom = ["PodMonitor", "PrometheusRule"]
        let result = try Checker.run("kubernetes-validate", ["--strict", built.path])
        #expect(result.status == 0, "\(result.output)")
        let passed = result.output.matches(of: /passed for resource/).count
        #expect(passed == resources.count { !custom.contains($0.kind) }, "\(result.output)")
        #expect(Set(resources.map(\.kind)).isSuperset(of: custom + ["StatefulSet", "ConfigMap", "NetworkPolicy"]))

        let all =
            try JSONSerialization.jsonObject(with: Checker.documents(ofYAML: built.path)) as? [[String: Any]] ?? []
        for (resource, content) in zip(resources, all) where custom.contains(resource.kind) {
            let file = try built.folder.write(
                Array(JSONSerialization.data(withJSONObject: content)), to: "\(resource.metadata.name).json")
            let schema = Project.root.appending(path: "Tests/Fixtures/kubernetes/\(resource.kind).yaml").path
            let result = try Checker.run("check-jsonschema", ["--schemafile", schema, file])
            #expect(result.status == 0, "\(result.output)")
        }
    }

    /// For a cluster without the operator: nothing of its kinds, annotations, and the rules as they are.
    @Test func withoutTheOperatorAnnotationsAndConfigMapsDo() throws {
        let built = try Overlay("plain")
        let result = try Checker.run("kubernetes-validate", ["--strict", built.path])
        #expect(result.status == 0, "\(result.output)")
        let resources = try built.resources()
        #expect(Set(resources.map(\.kind)).isDisjoint(with: ["PodMonitor", "PrometheusRule"]))
        let rules = try #require(resources.first { $0.metadata.name == "sidelong-rules" }?.data)
        #expect(rules["alerts.yml"] == (try Project.text("prometheus/alerts.yml")))
        #expect(rules["recording.yml"] == (try Project.text("prometheus/recording.yml")))
        let text = try String(contentsOfFile: built.path, encoding: .utf8)
        for line in ["scrape: \"true\"", "port: \"9121\"", "path: /metrics"] {
            #expect(text.contains("        prometheus.io/\(line)\n"), "\(line)")
        }
    }

    @Test func onlyTheCaptureAsksForACapability() throws {
        for overlay in ["capture", "restricted"] {
            let resources = try Overlay(overlay).resources()
            let namespace = try #require(resources.first { $0.kind == "Namespace" })
            let captures = overlay == "capture"
            #expect(
                namespace.metadata.labels?["pod-security.kubernetes.io/enforce"]
                    == (captures ? "privileged" : "restricted"))
            let pod = try #require(resources.first { $0.kind == "StatefulSet" }?.spec?.template?.spec)
            #expect(pod.securityContext.runAsNonRoot)
            #expect(pod.securityContext.seccompProfile == ["type": "RuntimeDefault"])
            for container in pod.containers + pod.initContainers {
                let security = container.securityContext
                #expect(!security.allowPrivilegeEscalation && security.readOnlyRootFilesystem)
                #expect(security.runAsUser > 0)
                #expect(security.capabilities["drop"] == ["ALL"])
                let added = captures && container.name == "sidelong" ? ["NET_RAW"] : nil
                #expect(security.capabilities["add"] == added, "\(overlay): \(container.name)")
            }
            let sidelong = try #require(pod.initContainers.first)
            #expect(sidelong.env?.first { $0.name == "SIDELONG_WIRE" }?.value == (captures ? "auto" : "off"))
        }
    }

    @Test func theSidecarStartsFirstAndIsNeverJudgedByRedis() throws {
        let resources = try Overlay("restricted").resources()
        let pod = try #require(resources.first { $0.kind == "StatefulSet" }?.spec?.template?.spec)
        let sidelong = try #require(pod.initContainers.first)
        #expect(sidelong.restartPolicy == "Always")
        #expect(sidelong.readinessProbe == nil && sidelong.startupProbe == nil)
        #expect(sidelong.livenessProbe?.httpGet?.path == "/health/live")
        #expect(sidelong.ports.map(\.name) == ["sidelong"])
    }

    @Test func theImageIsThisVersion() async throws {
        let version = try await Sidelong.run(["--version"]).output.split(separator: "\n")[0].dropFirst(
            "sidelong ".count)
        for file in ["deploy/kubernetes/base/redis.yaml", "deploy/compose.yaml"] {
            #expect(try Project.text(file).contains("localhost/sidelong:\(version)"), "\(file)")
        }
    }

    @Test func everyDashboardIsAConfigMap() throws {
        let dashboards = try FileManager.default.contentsOfDirectory(
            atPath: Project.root.appending(path: "grafana/dashboards").path)
        let resources = try Overlay("restricted").resources()
        let maps = resources.filter { $0.kind == "ConfigMap" }
        #expect(maps.allSatisfy { $0.metadata.labels?["grafana_dashboard"] == "1" })
        #expect(maps.flatMap { $0.data?.keys.sorted() ?? [] }.sorted() == dashboards.sorted())
        for map in maps { #expect(map.data?.values.allSatisfy { $0.utf8.count < 1 << 20 } == true) }
    }

    /// `make docs` writes them again.
    @Test(arguments: ["alerts", "recording"])
    func theRulesAreThoseOfPrometheus(name: String) throws {
        let rules = try Project.text("prometheus/\(name).yml")
        let groups = try #require(rules.firstRange(of: "\ngroups:\n"))
        let indented = rules[groups.lowerBound...].dropFirst().split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \($0)" }
        let resource = """
            # Written from prometheus/\(name).yml by `make docs`.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: sidelong-\(name)
            spec:

            """ + indented.joined(separator: "\n")
        let path = "deploy/kubernetes/monitoring/\(name).yaml"
        let difference = try Project.difference(resource, from: path, kind: "docs")
        #expect(difference.isEmpty, "`make docs` writes it again: \(difference.prefix(5))")
    }
}
