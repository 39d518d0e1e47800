// What people read about the options: --help on a terminal, docs/configuration.md on the web. Both are printed from the
// declarations.

/// Texts made from the declarations of the options.
enum Help {
    /// The answer to `--help`.
    static let text: String = {
        let flags = Options.all.filter { !$0.isSecret }.map { option in
            var lines = [
                "  --\(option.name)=VALUE", "      \(option.help)\(option.effect.note)",
                "      \(capitalised(option.allowed)).",
            ]
            lines.append("      Default: \(shownDefault(option)).\(shownVariables(option))")
            return lines.joined(separator: "\n")
        }
        let secrets = Options.all.filter(\.isSecret).map { option in
            "  \(option.environment.map(\.name).joined(separator: ", "))\n      \(option.help)"
        }
        return """
            Sidelong shows Prometheus what Redis, Postgres, PgBouncer and the machine are doing.

            Usage:
              sidelong [serve] [FLAGS]      run the exporter: /metrics and /health
              sidelong check [FLAGS]        try each target and privilege once and say what is missing
              sidelong top [URL]            a live view of a running exporter, by default the own one:
                                          --interval=2s; --once prints it, --format=json for programs
              sidelong advise [URL]         what its figures suggest to change, and why; --window=30s looks
                                          twice, --prometheus=URL asks for a day, --select=MATCHER for one
                                          exporter of several; --format=json
              sidelong replay [FLAGS] FILE  measure the traffic of a capture file (pcap or pcapng);
                                          --format=prometheus (the default) or --format=table
              sidelong health [URL]         exit 0 when a running exporter answers its /health/live
              sidelong hash-key [NAME]      read an API key from standard input and print its line for
                                          --http.api-keys-file
              sidelong version              version and build facts; also --version and -v
              sidelong help                 this text; also --help and -h

            Flags win over environment variables, which win over the configuration file.

              --config.file=PATH
                  A YAML file with the same options; see docs/configuration.md.
                  Environment: \(Arguments.configurationVariable).
            \(flags.joined(separator: "\n"))

            Secrets, from the environment only:
            \(secrets.joined(separator: "\n"))

            """
    }()

    /// The answer to `--version`.
    static let version = """
        sidelong \(BuildFacts.version)
        revision \(BuildFacts.revision)
        swift \(BuildFacts.swiftVersion)

        """

    /// docs/configuration.md.
    static let markdown: String = {
        let rows = Options.all.map { option in
            let flag = option.isSecret ? "none" : "`--\(option.name)`"
            let key = option.isSecret ? "none" : "`\(option.name.replacing(first: ".", with: ": "))`"
            let variables = option.environment.map { "`\($0.name)`" }.joined(separator: ", ")
            return "| \(flag) | \(variables) | \(key) | \(shownDefault(option)) | "
                + "\(capitalised(option.allowed)) | \(option.help)\(option.effect.note) |"
        }
        return """
            # Configuration

            Generated from the declarations in `Sources/Exporter/Options` by `make docs`; a test fails when it
            is stale.

            A flag wins over an environment variable, which wins over the file given with `--config.file`, which wins over
            the default. Flags are `--name=value` or `--name value`. Where a variable may hold several values, each stands
            in a line of its own. `\(Arguments.configurationVariable)` names the file in place of the flag. In the file the word before the dot is a section and
            the word after it a key; `deploy/sidelong.yaml` is an example with every key. On SIGHUP the file is read
            again; a file with an error is refused and the old settings stay.

            | Flag | Environment | File | Default | Allowed | Meaning |
            |---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }()

    /// The table of docs/migrating.md.
    static let peerTable: String = {
        let rows = PeerFlag.all.map { flag in
            "| `--\(flag.name)` | \(flag.variable.map { "`\($0)`" } ?? "") | \(flag.here) |"
        }
        return "| Flag | Variable | Here |\n|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }()

    private static func shownDefault(_ option: any AnyOption) -> String {
        guard let fallback = option.fallback, !fallback.isEmpty else { return "none" }
        return fallback
    }

    private static func shownVariables(_ option: any AnyOption) -> String {
        let names = option.environment.map(\.name)
        return names.isEmpty ? "" : " Environment: \(names.joined(separator: ", "))."
    }

    private static func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}

extension String {
    /// The text with the first occurrence of a character replaced.
    fileprivate func replacing(first: Character, with other: String) -> String {
        guard let position = firstIndex(of: first) else { return self }
        return self[..<position] + other + self[index(after: position)...]
    }
}
