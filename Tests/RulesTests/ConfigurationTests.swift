import Foundation
import TestKit
import Testing

/// The configuration files are what Prometheus and Alertmanager read.
@Suite struct ConfigurationTests {
    @Test(arguments: Promtool.all) func rulesAndConfigurationAreValid(promtool: Promtool) throws {
        for file in ["prometheus/alerts.yml", "prometheus/recording.yml"] {
            try promtool.accepts(["check", "rules", "--lint=all", "--lint-fatal", file])
        }
        try promtool.accepts(["check", "config", "prometheus/prometheus.yml"])
    }

    /// Lines of examples begin with `#` at the very left and go on with what is valid without it.
    ///
    /// Debian 12's promtool is built without Kubernetes.
    @Test func examplesInCommentsAreValid() throws {
        let text = try Project.text("prometheus/prometheus.yml")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let examples = lines.map { line in
            line.hasPrefix("#  ") || line == "#remote_write:" ? line.dropFirst() : line
        }
        // The first such lines are a command in the file's opening words.
        let body = examples.drop { $0 != "global:" }.joined(separator: "\n")
        for part in ["\nremote_write:", "kubernetes_sd_configs:", "tls_config:"] { #expect(body.contains(part)) }
        let folder = try TemporaryFolder()
        for file in ["alerts.yml", "recording.yml"] {
            try folder.write(try Project.text("prometheus/\(file)"), to: file)
        }
        let file = try folder.write(
            // Files with secrets have to be there.
            body.replacingOccurrences(of: "/etc/prometheus", with: folder.url.path), to: "prometheus.yml")
        for secret in ["sidelong-api-key", "remote-write-password"] { try folder.write("secret\n", to: secret) }
        let authority = try Certificates(in: folder).authority
        #expect(authority == folder.path("ca.crt"))
        try Promtool.newest.accepts(["check", "config", file])
    }

    @Test func alertmanagerTakesTheExample() throws {
        let file = Project.root.appending(path: "prometheus/alertmanager.yml").path
        let result = try ServerProcess.run("amtool", ["check-config", file])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test func criticalAlertsReachWhoeverIsOnCall() throws {
        let file = Project.root.appending(path: "prometheus/alertmanager.yml").path
        for (severity, receiver) in [("critical", "on-call"), ("warning", "channel")] {
            let result = try ServerProcess.run(
                "amtool", ["config", "routes", "test", "--config.file=\(file)", "severity=\(severity)"])
            #expect(result.output.split(separator: "\n").last == receiver[...], "\(result.output)")
        }
    }
}
