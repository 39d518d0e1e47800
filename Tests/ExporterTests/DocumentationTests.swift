import Metrics
import TestKit
import Testing

@testable import Exporter

@Suite struct DocumentationTests {
    @Test func configurationPageIsUpToDate() throws {
        #expect(try Project.difference(Help.markdown, from: "docs/configuration.md", kind: "docs") == [])
    }

    @Test func metricsPageIsUpToDate() throws {
        let page = try Project.text("Tests/Fixtures/exporter/page.txt")
        #expect(try Project.difference(Catalogue.markdown(page: page), from: "docs/metrics.md", kind: "docs") == [])
    }

    @Test func everyFamilyOfTheGoldenPageIsInTheCatalogue() throws {
        let page = try Project.text("Tests/Fixtures/exporter/page.txt")
        let known = Set(Catalogue.sections.flatMap(\.descriptors).map(\.name))
        #expect(Set(Catalogue.seriesCounts(in: page).keys).subtracting(known) == [])
    }

    @Test func everyFamilyHasAHelpTextAndStandsOnce() {
        let all = Catalogue.sections.flatMap(\.descriptors)
        for descriptor in all {
            #expect(descriptor.help.hasSuffix("."), "\(descriptor.name)")
            #expect(descriptor.name == descriptor.name.lowercased(), "\(descriptor.name)")
        }
        // Of two descriptors of one name a page would show the help of either.
        for (name, same) in Dictionary(grouping: all, by: \.name) {
            #expect(same.count == 1, "\(name) has \(same.count) owners: \(same.map(\.help))")
        }
    }

    @Test func theExampleFileHasEveryOption() throws {
        let text = try Project.text("deploy/sidelong.yaml")
        // Options without a default stand there as comments.
        let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("  #: ") ? "  " + line.dropFirst("  #: ".count) : line
        }.joined(separator: "\n")
        let file = try ConfigurationFile(uncommented, path: "deploy/sidelong.yaml")
        let expected = Set(Options.all.filter { !$0.isSecret }.map(\.name))
        #expect(Set(file.entries.keys) == expected)
        #expect(throws: Never.self) { try Settings(file: try ConfigurationFile(text, path: "deploy/sidelong.yaml")) }
    }
}
