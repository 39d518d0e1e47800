// The fields of CLUSTER INFO that no table names, such as the statistics per type of message. Some servers repeat them
// in INFO.

import Metrics
import Synchronization

/// Fields named `cluster_…`, which are passed on as they are.
enum ClusterFields {
    private static let prefix = Array("cluster_".utf8)

    /// Takes a line under its own name; nil when the line is another.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard line.rest(after: prefix) != nil else { return nil }
        guard let value = InfoNumber.parse(line.bytes, line.value) else { return true }
        guard let descriptor = descriptor(of: line.text(line.name)) else { return true }
        samples.add(descriptor, value)
        return true
    }

    /// A descriptor for each such field, made once, so that a family is the same object in every poll; nil beyond a
    /// number of fields that no server has.
    private static func descriptor(of field: String) -> Descriptor? {
        others.withLock { others in
            if let known = others[field] { return known }
            guard others.count < mostOthers else { return nil }
            let made = Descriptor(.gauge, "redis_" + field, help: "A field passed on as it is (CLUSTER INFO \(field)).")
            others[field] = made
            return made
        }
    }

    private static let others = Mutex<[String: Descriptor]>([:])
    private static let mostOthers = 256
}
