// swift-tools-version: 6.2
import PackageDescription

/// The one set of switches that every Swift target is built with.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),  // data races are compile errors
    .enableUpcomingFeature("ExistentialAny"),  // a boxed protocol value says `any`
    .enableUpcomingFeature("InferIsolatedConformances"),  // conformances follow their type's isolation
    .enableUpcomingFeature("ImmutableWeakCaptures"),  // weak captures are constants
    .enableUpcomingFeature("InternalImportsByDefault"),  // a C type cannot leak out of its room
    .enableUpcomingFeature("MemberImportVisibility"),  // each file imports what it uses
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // async functions stay on their caller
    .strictMemorySafety(),  // every unsafe use is spelt `unsafe`
    .treatAllWarnings(as: .error),
]

/// The revision is compiled into one small C target, so that a commit rebuilds that target only. The Makefile sets the
/// variable, because Git's answer is kept with the evaluated manifest and grows old there.
let revision = Context.environment["SIDELONG_REVISION"] ?? Context.gitInformation?.currentCommit ?? "unknown"

func room(_ name: String, _ imports: [Target.Dependency] = [], linker: [LinkerSetting] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings, linkerSettings: linker)
}

func library(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CModules/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, _ imports: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: imports, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "sidelong",
    products: [.executable(name: "sidelong", targets: ["sidelong"])],
    targets: [
        // The C libraries. hiredis has no pkgConfig here: its flags are refused by the package manager.
        library("CHiredis", apt: "libhiredis-dev"),
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        library("CLibPQ", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CLibYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CLibPcap", pkgConfig: "libpcap", apt: "libpcap-dev"),
        .systemLibrary(name: "CCapability", path: "Sources/CModules/CCapability"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        .target(
            name: "CBuildFacts", path: "Sources/CModules/CBuildFacts",
            cSettings: [.define("SIDELONG_REVISION", to: "\"\(revision)\"")]),

        // Floor 0
        room("Metrics", linker: [.linkedLibrary("m")]),
        // Floor 1
        room("Traffic", ["Metrics"]),
        // Floor 2: one source each, none imports another
        room("Redis", ["Metrics", "CHiredis", "COpenSSL"]),
        room("Postgres", ["Metrics", "CLibPQ"]),
        room("Host", ["Metrics"]),
        room("Capture", ["Traffic", "Metrics", "CLibPcap", "CCapability"]),
        room("HTTP", ["CMicroHTTPD", "CZlib"]),
        // Floor 3
        room(
            "Exporter",
            [
                "Metrics", "Traffic", "Redis", "Postgres", "Host", "Capture", "HTTP", "CLibYAML", "CBuildFacts",
            ]),
        // Floor 4
        .executableTarget(name: "sidelong", dependencies: ["Exporter"], swiftSettings: settings),

        .executableTarget(
            name: "PageBenchmark", dependencies: ["Metrics"], path: "Tests/Benchmarks/PageBenchmark",
            swiftSettings: settings),
        .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
        .target(name: "TestKit", dependencies: ["CSpawn"], path: "Tests/TestKit", swiftSettings: settings),
        .executableTarget(
            name: "TrafficBenchmark", dependencies: ["Traffic"], path: "Tests/Benchmarks/TrafficBenchmark",
            swiftSettings: settings),
        .executableTarget(name: "Soak", dependencies: ["TestKit"], path: "Tests/Soak", swiftSettings: settings),

        tests("MetricsTests", ["Metrics"]),
        tests("TrafficTests", ["Traffic", "Metrics", "TestKit"]),
        tests("RedisTests", ["Redis", "Metrics", "TestKit"]),
        tests("PostgresTests", ["Postgres", "Metrics", "TestKit"]),
        tests("HostTests", ["Host", "Metrics", "TestKit"]),
        tests("HTTPTests", ["HTTP", "TestKit"]),
        tests("CaptureTests", ["Capture", "Traffic", "Metrics", "TestKit"]),
        tests("ExporterTests", ["Exporter", "HTTP", "Postgres", "Redis", "Capture", "Traffic", "Metrics", "TestKit"]),
        tests("EndToEndTests", ["TestKit"]),
    ]
)
