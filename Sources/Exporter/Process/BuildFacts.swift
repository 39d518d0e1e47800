// What this program is: its version, the commit it was built from, the compiler.

import CBuildFacts
import Metrics

/// Facts fixed when the program was built.
enum BuildFacts {
    /// The version of CHANGELOG.md.
    static let version = "0.1.0"

    /// The Git commit, or `unknown` outside a checkout.
    static let revision = unsafe String(cString: sidelong_revision)

    static let swiftVersion: String = {
        #if compiler(>=6.4)
        "6.4 or newer"
        #else
        "6.3"
        #endif
    }()

    static let info = Descriptor(
        .info, "sidelong_build_info", labels: ["version", "revision", "swift_version"],
        help: "Constant 1; the labels say what this Sidelong was built from.")
}
