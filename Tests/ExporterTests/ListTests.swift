// Lists that have to name everything of their kind.

import Foundation
import HTTP
import TestKit
import Testing

@testable import Exporter

@Suite struct ListTests {
    @Test func everyDeclaredOptionIsInTheList() throws {
        let folder = Project.root.appending(path: "Sources/Exporter/Options").path
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let declared = try Project.text("Sources/Exporter/Options/\(file)")
                .matches(of: /static let \w+ = Option\(\s*"([^"]+)"/).map { String($0.1) }
            // In the order in which --help shows them.
            #expect(Options.all.map(\.name).filter(Set(declared).contains) == declared, "\(file)")
            count += declared.count
        }
        #expect(count > 40 && Options.all.count == count)
    }

    @Test func everyPageIsRouted() {
        let routes = Routes(heartbeats: Heartbeats(), rhythm: RhythmDesk()) { preconditionFailure("nothing is asked") }
        let router = routes.router
        for page in WebPage.allCases { #expect(router.pattern(of: page.pattern) == page.pattern) }
        #expect(router.pattern(of: "/other") == nil && router.pattern(of: "/health/") == nil)
        #expect(WebPage.probes == ["/health/live", "/health/ready"])
    }
}

@Suite struct EffectTests {
    private func settings(_ flags: [String: [String]]) throws -> Settings {
        try Settings(flags: flags)
    }

    @Test(arguments: [
        (["keys.hot": ["5"], "redis.interval": ["1s"], "log.level": ["debug"]], ["keys.hot", "log.level"]),
        (["redis.interval": ["1s"], "keys.probe": ["a"], "health.memory": ["50,60"]], []),
        // The same server with another password is captured already.
        (["redis.addr": ["redis://:other@localhost:6379"]], []),
        (["redis.addr": ["redis://localhost:6380"]], ["redis.addr"]),
        (
            ["process.system-call-filter": ["false"], "memory.limit": ["64MiB"], "wire.interfaces": ["off"]],
            ["wire.interfaces", "memory.limit", "process.system-call-filter"]
        ),
    ])
    func theOptionsThatWaitForAStartAreNamed(flags: [String: [String]], waiting: [String]) throws {
        let (start, now) = (try settings([:]), try settings(flags))
        #expect(Set(Reload.waiting(now, since: start)) == Set(waiting))
        #expect(Reload.waiting(now, since: now) == [])
    }

    @Test func helpAndDocumentationSaySo() {
        for option in Options.all where !option.isSecret {
            #expect(Help.text.contains("\(option.help)\(option.effect.note)\n"), "\(option.name)")
            #expect(Help.markdown.contains("\(option.help)\(option.effect.note) |"), "\(option.name)")
        }
        #expect(Options.keysHot.effect == .withStart && Options.keysProbe.effect == .withReload)
    }
}
