import Foundation
import TestKit
import Testing

/// The container image: what it is made of, and what it says of itself.
@Suite struct ImageTests {
    @Test func theDockerfileFollowsGoodPractice() throws {
        let result = try Checker.run("hadolint", [Project.root.appending(path: "deploy/Dockerfile").path])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    /// What is copied from outside is there, and .dockerignore lets it through.
    @Test func whatIsCopiedIsInTheContext() throws {
        func lines(_ path: String) throws -> [String] {
            try String(contentsOf: Project.root.appending(path: path), encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }
        let allowed = try lines(".dockerignore").filter { $0.hasPrefix("!") }.map { $0.dropFirst() }
        let copies = try lines("deploy/Dockerfile").filter { $0.hasPrefix("COPY ") && !$0.contains("--from=") }
        let paths = copies.flatMap { $0.split(separator: " ").dropFirst().dropLast() }
        #expect(paths.contains("Sources") && paths.contains("deploy/link"))
        for path in paths {
            #expect(allowed.contains { path == $0 || path.hasPrefix($0 + "/") }, "\(path)")
            // What a build makes first is not there yet.
            let file = Project.root.appending(path: String(path)).path
            #expect(path.hasPrefix(".build/") || FileManager.default.fileExists(atPath: file), "\(path)")
        }
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
        let others = files.filter {
            !$0.contains("-linux-gnu/lib") && !$0.contains("/ld-linux-") && !$0.hasPrefix("var/lib/dpkg/status.d/")
        }
        #expect(
            others.sorted() == [
                "etc/group", "etc/nsswitch.conf", "etc/passwd", "etc/ssl/certs/ca-certificates.crt", "usr/bin/sidelong",
                "usr/lib/os-release", "usr/share/sbom/sidelong.spdx.json",
            ])
        try containers.podman("image", "unmount", image)
    }

    /// What scanners of vulnerabilities read: the release, each package with its version, and the list of it all.
    @Test func scannersSeeWhatIsInIt() async throws {
        let containers = try await Containers()
        let image = try containers.loadSidelong()
        let root = URL(filePath: try containers.podman("image", "mount", image))
        defer { _ = try? containers.podman("image", "unmount", image) }
        let files = FileManager.default
        let release = try String(contentsOf: root.appending(path: "usr/lib/os-release"), encoding: .utf8)
        #expect(release.contains("ID=debian"))
        let link = try files.destinationOfSymbolicLink(atPath: root.appending(path: "etc/os-release").path)
        #expect(link == "../usr/lib/os-release")

        let status = root.appending(path: "var/lib/dpkg/status.d").path
        var versions: [String: String] = [:]
        for name in try files.contentsOfDirectory(atPath: status) {
            let lines = try String(contentsOfFile: "\(status)/\(name)", encoding: .utf8).split(separator: "\n")
            #expect(lines.contains("Package: \(name)") && lines.contains("Status: install ok installed"), "\(name)")
            versions[name] = lines.first { $0.hasPrefix("Version: ") }.map { String($0.dropFirst("Version: ".count)) }
        }
        // Each library's package, by the name that Debian's rules give it, for those that matter most; those that are
        // parts of the program by the package that their archive is from.
        for name in [
            "libc6", "libssl3", "libgnutls30", "libpq5", "libsasl2-2", "ca-certificates", "zlib1g-dev",
            "libmicrohttpd-dev", "libhiredis-dev", "libyaml-dev", "libseccomp-dev", "libcrypt-dev",
        ] {
            #expect(versions[name] != nil, "\(name)")
        }

        let path = root.appending(path: "usr/share/sbom/sidelong.spdx.json").path
        let check = try Checker.run("pyspdxtools", ["-i", path])
        #expect(check.status == 0 && check.output.isEmpty, "\(check.output)")
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any]
        let packages = try #require(document?["packages"] as? [[String: Any]])
        var listed: [String: String] = [:]
        for package in packages { listed[package["name"] as? String ?? ""] = package["versionInfo"] as? String }
        let (own, swift) = (
            listed.removeValue(forKey: "sidelong"), listed.removeValue(forKey: "swift-standard-library")
        )
        #expect(own != nil && swift?.first?.isNumber == true)
        #expect(listed == versions)
    }

    /// Who builds the same binary into an image again gets the same archive, byte for byte.
    @Test func twoBuildsAreOneDigest() async throws {
        let folder = try TemporaryFolder()
        let archives = ["first.tar", "second.tar"].map { folder.path($0) }
        for archive in archives {
            let build = try ServerProcess.run(Project.root.appending(path: "deploy/image/build").path, [archive])
            try #require(build.status == 0, "\(build.output)")
        }
        let digests = try archives.map { try ServerProcess.run("sha256sum", ["--binary", $0]).output.prefix(64) }
        #expect(digests[0] == digests[1])
    }
}
