import Foundation
import TestKit

/// What kustomize makes of an overlay.
struct Overlay {
    let folder: TemporaryFolder
    let path: String

    init(_ name: String) throws {
        let overlay = Project.root.appending(path: "deploy/kubernetes/overlays/\(name)").path
        let result = try Checker.run("kubectl", ["kustomize", overlay])
        guard result.status == 0 else { throw NeverHappened(description: "\(name): \(result.output)") }
        folder = try TemporaryFolder()
        path = try folder.write(result.output, to: "\(name).yaml")
    }

    func resources() throws -> [Resource] {
        try JSONDecoder().decode([Resource].self, from: Checker.documents(ofYAML: path))
    }
}

// The fields of Kubernetes resources that the tests look at, under Kubernetes' names.

struct Resource: Decodable {
    struct Metadata: Decodable {
        let name: String
        let labels: [String: String]?
    }
    struct Specification: Decodable {
        let template: Template?
    }
    struct Template: Decodable {
        let spec: Pod
    }
    let kind: String
    let metadata: Metadata
    let data: [String: String]?
    let spec: Specification?
}

struct Pod: Decodable {
    struct Security: Decodable {
        let runAsNonRoot: Bool
        let seccompProfile: [String: String]
    }
    let securityContext: Security
    let initContainers: [Container]
    let containers: [Container]
}

struct Container: Decodable {
    struct Security: Decodable {
        let runAsUser: Int
        let readOnlyRootFilesystem: Bool
        let allowPrivilegeEscalation: Bool
        let capabilities: [String: [String]]
    }
    struct Variable: Decodable {
        let name: String
        let value: String
    }
    struct Port: Decodable {
        let name: String
    }
    struct Probe: Decodable {
        struct Request: Decodable {
            let path: String
        }
        let httpGet: Request?
    }
    let name: String
    let restartPolicy: String?
    let env: [Variable]?
    let ports: [Port]
    let livenessProbe: Probe?
    let readinessProbe: Probe?
    let startupProbe: Probe?
    let securityContext: Security
}
