import Postgres
import Redis
import TestKit
import Testing

/// What `sidelong check` prints to paste is what the README and docs/security.md have, which another test pastes.
@Suite struct MonitoringTextTests {
    @Test(arguments: ["docs/security.md", "README.md"])
    func theLineAndTheBlockAreThoseOfTheDocumentation(path: String) throws {
        let page = try Project.text(path)
        let words = page.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(words.contains(MonitoringUser.line(for: nil)))
        #expect(page.contains("```sql\n\(MonitoringRole.block(for: nil))\n```"))
        #expect(MonitoringUser.line(for: "ann").hasPrefix("ACL SETUSER ann on "))
        #expect(MonitoringRole.block(for: "a\"b").contains("GRANT pg_monitor TO \"a\"\"b\";"))
    }
}
