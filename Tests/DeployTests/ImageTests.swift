import Foundation
import TestKit
import Testing

/// The container image: what it is made of, and what it says of itself.
@Suite struct ImageTests {
    @Test func theDockerfileFollowsGoodPractice() throws {
        let result = try Checker.run("hadolint", [Project.root.appending(path: "deploy/Dockerfile").path])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test func itSaysWhatItIsAndRunsAsNobody() async throws {
        let containers = try await Containers()
        let image = try containers.loadSidelong()
        let version = try await Sidelong.run(["--version"]).output.split(separator: "\n")[0].dropFirst(
            "sidelong ".count)
        #expect(image == "localhost/sidelong:\(version)")
        let text = try containers.podman("image", "inspect", image)
        let images = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        let facts = try #require(images?.first)
        let config = try #require(facts["Config"] as? [String: Any])
        let labels = try #require(facts["Labels"] as? [String: String])
        #expect(facts["User"] as? String == "65532:65532")
        #expect(config["Entrypoint"] as? [String] == ["/usr/bin/sidelong"])
        #expect((config["ExposedPorts"] as? [String: Any])?.keys.sorted() == ["9121/tcp"])
        let check = (facts["Healthcheck"] as? [String: Any])?["Test"] as? [String]
        #expect(check == ["CMD", "/usr/bin/sidelong", "health"])
        #expect(labels["org.opencontainers.image.title"] == "sidelong")
        #expect(labels["org.opencontainers.image.version"] == String(version))
        #expect(labels["org.opencontainers.image.licenses"] == "Apache-2.0")
        for label in ["description", "revision", "created"] {
            #expect(labels["org.opencontainers.image.\(label)"] ?? "unknown" != "unknown", "\(label)")
        }
        #expect(try #require(facts["Size"] as? Int) < 40_000_000)
    }

    @Test func itHoldsTheProgramWithItsCapabilityAndNoOther() async throws {
        let containers = try await Containers()
        let image = try containers.loadSidelong()
        let root = try containers.podman("image", "mount", image)
        let capabilities = try ServerProcess.run("getcap", ["-r", root]).output
        #expect(capabilities == "\(root)/usr/bin/sidelong cap_net_raw=p\n")
        let files = try ServerProcess.run("find", [root, "-type", "f", "-printf", "%P\\n"]).output.split(
            separator: "\n")
        let others = files.filter { !$0.contains("-linux-gnu/lib") && !$0.contains("/ld-linux-") }
        #expect(
            others.sorted() == [
                "etc/group", "etc/nsswitch.conf", "etc/passwd", "etc/ssl/certs/ca-certificates.crt", "usr/bin/sidelong",
            ])
        try containers.podman("image", "unmount", image)
    }
}
