import Foundation
import TestKit
import Testing

/// The rules of Grafana's dashboard-linter, which cannot be had where this is tested, and some of our own.
@Suite struct LintTests {
    /// Gauges whose names end in `_total`: counts of rows that the gateway's queries file is bound to.
    private static let gauges: Set = ["redis_instances_total", "organizations_total", "users_total", "api_keys_total"]

    @Test(arguments: Dashboard.all) func variables(dashboard: Dashboard) throws {
        let variables = dashboard.templating.list
        #expect(variables.map(\.name).prefix(3) == ["datasource", "job", "instance"])
        let source = try #require(variables.first)
        #expect(source.type == "datasource" && source.query == "prometheus" && source.label == "Data source")
        for variable in variables.dropFirst() {
            #expect(variable.type == "query" && variable.multi != variable.isOfLegends, "\(variable.name)")
            #expect(variable.datasource?.uid == "${datasource}", "\(variable.name)")
            #expect(variable.refresh == 2, "\(variable.name) is filled again when the time range changes")
            // A server that is alone behind its Sidelong has no label target, and few keys have a project.
            let isOptional = ["target", "project"].contains(variable.name)
            #expect(variable.isOfLegends || variable.allValue == (isOptional ? ".*" : ".+"), "\(variable.name)")
        }
        #expect(variables.filter(\.isOfLegends).map(\.name) == ["here", "where"])
        #expect(variables[1].label == "Job" && variables[2].label == "Instance")
        #expect(variables[2].query.contains(#"job=~"$job""#))
        for variable in variables.dropFirst(3) {
            #expect(variable.query.contains(#"instance=~"$instance""#), "\(variable.name)")
        }
    }

    @Test(arguments: Dashboard.all) func panels(dashboard: Dashboard) {
        #expect(!dashboard.editable)
        #expect(dashboard.tags.contains("sidelong"), "found by the links of the others")
        #expect(dashboard.panels.first?.type == "row", "a row per subject")
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        for panel in dashboard.content {
            let place = "\(dashboard.title) / \(panel.title)"
            #expect(!panel.title.isEmpty)
            #expect(panel.description?.hasSuffix(".") == true, "\(place): what to do, in sentences")
            #expect(panel.datasource?.uid == "${datasource}", "\(place)")
            #expect(panel.fieldConfig?.defaults.unit != nil, "\(place)")
            #expect(panel.targets?.isEmpty == false, "\(place)")
            #expect(panel.title.count <= 45, "\(place): fits its panel")
            #expect(panel.description?.contains(" No data: ") == true, "\(place): says what it means to be empty")
            #expect(panel.fieldConfig?.defaults.noValue?.isEmpty == false, "\(place)")
            let legends = panel.targets?.map(\.legendFormat) ?? []
            #expect(!legends.contains { $0.contains("{{instance}}") }, "\(place): repeats the only instance")
            #expect(panel.type != "timeseries" || !legends.contains { ["", "${where}", "${here}"].contains($0) })
        }
    }

    @Test(arguments: Dashboard.all) func panelsNeitherOverlapNorLeaveTheGrid(dashboard: Dashboard) {
        var taken: Set<[Int]> = []
        for panel in dashboard.panels {
            let place = panel.gridPos
            #expect(place.x >= 0 && place.x + place.w <= 24, "\(panel.title)")
            for x in place.x..<place.x + place.w {
                for y in place.y..<place.y + place.h {
                    #expect(taken.insert([x, y]).inserted, "\(panel.title) at \(x), \(y)")
                }
            }
        }
    }

    @Test(arguments: Dashboard.all) func queries(dashboard: Dashboard) {
        for query in dashboard.queries {
            let selectors = Selector.all(in: query.expression)
            #expect(!selectors.isEmpty, "\(query.place)")
            for selector in selectors {
                #expect(selector.matchers.contains(#"job=~"$job""#), "\(query.place): \(selector.name)")
                #expect(selector.matchers.contains(#"instance=~"$instance""#), "\(query.place): \(selector.name)")
                let isRate = ["rate", "irate", "increase"].contains(selector.function)
                #expect(isRate == (selector.range == "$__rate_interval"), "\(query.place): \(selector.name)")
                if selector.name.hasSuffix("_total"), !Self.gauges.contains(selector.name) {
                    #expect(isRate, "\(query.place): \(selector.name) is a counter")
                }
            }
        }
    }

    /// Promtool parses each query of the panels and of the variables, as a recording rule.
    @Test(arguments: Dashboard.all) func promtoolParses(dashboard: Dashboard) throws {
        let ofVariables = try dashboard.templating.list.dropFirst().map { variable in
            try variable.legendQuery ?? #require(variable.choices).selector
        }
        let queries = dashboard.queries + ofVariables
        let rules = queries.enumerated().map { ["record": "query:\($0)", "expr": $1.filled(over: "1m")] }
        let file: [String: Any] = ["groups": [["name": "queries", "rules": rules]]]
        let folder = try TemporaryFolder()
        let path = try folder.write(
            Array(try JSONSerialization.data(withJSONObject: file, options: .withoutEscapingSlashes)), to: "rules.yml")
        let result = try ServerProcess.run("promtool", ["check", "rules", path])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("SUCCESS: \(queries.count) rules found"), "\(result.output)")
    }

    @Test func selectorsAreFound() {
        let expression = #"""
            topk(3, sum by (a, le) (rate(x_total{job=~"$job", b!~"}|\"("}[$__rate_interval])) / (y > 0))
            or on (a) group_left time() - z{c="d"} offset 5m and {e="f"} * 2e3
            """#
        let found = Selector.all(in: expression)
        #expect(found.map(\.name) == ["x_total", "y", "z", ""])
        #expect(found.map(\.function) == ["rate", "topk", nil, nil])
        #expect(found.map(\.range) == ["$__rate_interval", nil, nil, nil])
        #expect(found[0].matchers == #"job=~"$job", b!~"}|\"(""#)
        #expect(found.dropFirst().map(\.matchers) == ["", #"c="d""#, #"e="f""#])
    }
}
