// The files that an operator writes, and what of foreign texts reaches the log and the health page.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Configurations": fuzzConfigurations, "QueryFiles": fuzzQueryFiles, "WebConfigurations": fuzzWebConfigurations,
    "Lines": fuzzLines, "ForeignPages": fuzzForeignPages,
]
