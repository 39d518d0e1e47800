// swift-tools-version: 6.2
import Glibc
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
    // Generic types are made by functions, not looked up by name and checked at the start, in the program that ships.
    .unsafeFlags(
        ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release)),
]

/// The revision is compiled into one small C target, so that a commit rebuilds that target only. The Makefile sets the
/// variable, because Git's answer is kept with the evaluated manifest and grows old there.
let revision = Context.environment["SIDELONG_REVISION"] ?? Context.gitInformation?.currentCommit ?? "unknown"

/// Whether the C library of this machine understands packed relocations, as glibc does from 2.36 on.
let packsRelocations = __GLIBC__ == 2 && __GLIBC_MINOR__ >= 36

/// How the program that ships is linked: relocations packed, of the C++ library no more than is used, and those
/// functions of Swift's library side by side that are called. Together that is 2.4 MB less in memory. lld comes with
/// the toolchain.
let linking: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-L\(Context.packageDirectory)/deploy/link", "-Xclang-linker", "-static-libgcc",
            "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/deploy/link/order.txt",
            "-Xlinker", "--no-warn-symbol-ordering",
            // Every function of a library is looked up at the start, and where it stands can be written no more.
            "-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now",
        ]
            + (packsRelocations ? ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"] : []),
        .when(configuration: .release))
]

func room(_ name: String, _ imports: [Target.Dependency] = [], linker: [LinkerSetting] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings, linkerSettings: linker)
}

func library(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CModules/\(name)", providers: [.apt([apt])])
}

func tests(_ name: String, _ imports: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: imports, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "sidelong",
    products: [.executable(name: "sidelong", targets: ["sidelong"])],
    targets: [
        // Small C libraries, linked statically: to map a shared one takes 0.1 ms of each start and 50 kB, and GnuTLS
        // can be loaded later only if libmicrohttpd is none (CGnuTLS). Without pkgConfig, which would name those.
        library("CHiredis", apt: "libhiredis-dev"),
        library("CMicroHTTPD", apt: "libmicrohttpd-dev"),
        library("CLibYAML", apt: "libyaml-dev"),
        library("CZlib", apt: "zlib1g-dev"),
        library("CCrypt", apt: "libcrypt-dev"),
        library("CSeccomp", apt: "libseccomp-dev"),
        .systemLibrary(name: "CPacketSocket", path: "Sources/CModules/CPacketSocket"),
        .systemLibrary(name: "CRouteNetlink", path: "Sources/CModules/CRouteNetlink"),
        // Loaded when a configuration needs them.
        .target(name: "CLoading", path: "Sources/CModules/CLoading", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "COpenSSL", dependencies: ["CLoading"], path: "Sources/CModules/COpenSSL"),
        .target(name: "CLibPQ", dependencies: ["CLoading"], path: "Sources/CModules/CLibPQ"),
        .target(name: "CISAL", dependencies: ["CLoading"], path: "Sources/CModules/CISAL"),
        .target(name: "CGnuTLS", dependencies: ["CLoading", "CSocketCalls"], path: "Sources/CModules/CGnuTLS"),
        .target(name: "CSocketCalls", path: "Sources/CModules/CSocketCalls"),
        .systemLibrary(name: "CThreads", path: "Sources/CModules/CThreads"),
        .systemLibrary(name: "CAllocator", path: "Sources/CModules/CAllocator"),
        .systemLibrary(name: "CCapability", path: "Sources/CModules/CCapability"),
        .target(
            name: "CBuildFacts", path: "Sources/CModules/CBuildFacts",
            cSettings: [.define("SIDELONG_REVISION", to: "\"\(revision)\"")]),

        // Floor 0
        room("Metrics", linker: [.linkedLibrary("m")]),
        room("System", ["CThreads", "CSocketCalls"]),
        // Floor 1
        room("Traffic", ["Metrics"]),
        // Floor 2: one source each, none imports another
        room("Redis", ["Metrics", "System", "CHiredis", "COpenSSL"]),
        room("Postgres", ["Metrics", "System", "CLibPQ"]),
        room("Host", ["Metrics", "System"]),
        room("Capture", ["Traffic", "Metrics", "System", "CPacketSocket", "CRouteNetlink", "CCapability"]),
        room("HTTP", ["System", "CMicroHTTPD", "CZlib", "CISAL", "CGnuTLS", "CCrypt"]),
        // Floor 3
        room(
            "Exporter",
            [
                "Metrics", "System", "Traffic", "Redis", "Postgres", "Host", "Capture", "HTTP", "CLibYAML", "CSeccomp",
                "CAllocator",
                "CBuildFacts",
            ]),
        // Floor 4
        .executableTarget(name: "sidelong", dependencies: ["Exporter"], linkerSettings: linking),

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
        tests("SystemTests", ["System", "TestKit"]),
        tests("TrafficTests", ["Traffic", "Metrics", "TestKit"]),
        tests("RedisTests", ["Redis", "Metrics", "TestKit"]),
        tests("PostgresTests", ["Postgres", "Metrics", "TestKit"]),
        tests("HostTests", ["Host", "Metrics", "TestKit"]),
        tests("HTTPTests", ["HTTP", "System", "TestKit"]),
        tests("CaptureTests", ["Capture", "Traffic", "Metrics", "TestKit"]),
        tests("DeployTests", ["TestKit"]),
        tests("ExporterTests", ["Exporter", "HTTP", "Postgres", "Redis", "Capture", "Traffic", "Metrics", "TestKit"]),
        tests("EndToEndTests", ["TestKit"]),
        tests("RulesTests", ["TestKit"]),
        tests("DashboardTests", ["TestKit"]),
    ]
)
