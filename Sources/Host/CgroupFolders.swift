// From "which cgroup" to "which folder": what a container sees of its own cgroup depends on its namespace, on what is
// mounted, and on where the operator mounted it.

/// Where the files of one controller are, for this process' own cgroup.
struct CgroupFolder: Sendable, Equatable {
    enum Version: Sendable {
        case one
        case two
    }

    let version: Version
    let path: String
    /// The folders of the cgroups above it, the nearest first, as far as they are to be seen: a pod's, a slice's. Their
    /// limits bind as well.
    var parents: [String] = []

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The same file here and in every cgroup above.
    func filesUpwards(_ name: String) -> [String] { ([path] + parents).map { "\($0)/\(name)" } }
}

/// The folders that the families are read from; nil where a controller is not to be seen.
struct CgroupFolders: Sendable, Equatable {
    var memory: CgroupFolder?
    var cpu: CgroupFolder?
    var cpuacct: CgroupFolder?

    /// Looks up each controller.
    ///
    /// - Parameters:
    ///   - cgroupfs: where the cgroup file systems are to be found: `--host.cgroupfs`.
    ///   - exists: whether a folder is there, which tells a path that this namespace shows from one that it hides.
    init(
        membership: CgroupMembership, mounts: CgroupMounts, cgroupfs: String, exists: (String) -> Bool
    ) {
        func folder(of controller: String) -> CgroupFolder? {
            if let path = membership.paths[controller] {
                let mounted = mounts.mounts.filter { $0.controllers?.contains(controller) == true }
                return Self.folder(path, on: mounted, below: cgroupfs, exists).map {
                    CgroupFolder(version: .one, path: $0.path, parents: $0.parents)
                }
            }
            guard let path = membership.unifiedPath else { return nil }
            let mounted = mounts.mounts.filter { $0.controllers == nil }
            return Self.folder(path, on: mounted, below: cgroupfs, exists).map {
                CgroupFolder(version: .two, path: $0.path, parents: $0.parents)
            }
        }
        memory = folder(of: "memory")
        cpu = folder(of: "cpu")
        cpuacct = folder(of: "cpuacct")
    }

    private static let usualPlace = "/sys/fs/cgroup"

    /// The folder of a cgroup: below the mount that shows it, or that mount itself where the path is of another
    /// namespace and leads nowhere. With it come the folders between it and the mount, upwards.
    private static func folder(
        _ path: String, on mounts: [CgroupMounts.Mount], below cgroupfs: String, _ exists: (String) -> Bool
    ) -> (path: String, parents: [String])? {
        // A root above this namespace's own (`/..`) shows cgroups of the host, and which of them is ours is not said.
        let usable = placed(mounts, below: cgroupfs).filter { !isAbove($0.root) }
        for mount in usable {
            if let rest = path.below(mount.root), !isAbove(path), exists(mount.point + rest) {
                return (mount.point + rest, parents(of: rest).map { mount.point + $0 })
            }
        }
        return usable.first { exists($0.point) }.map { ($0.point, []) }
    }

    /// `/a/b` and `/a` and the empty path of `/a/b/c`.
    private static func parents(of path: String) -> [String] {
        let names = path.split(separator: "/")
        return names.indices.reversed().map { names[..<$0].map { "/\($0)" }.joined() }
    }

    /// The mounts as they are reached, the likeliest first: those below `cgroupfs`. Where there are none, those of the
    /// usual place with `cgroupfs` put in its stead; then all of them where they are.
    private static func placed(_ mounts: [CgroupMounts.Mount], below cgroupfs: String) -> [CgroupMounts.Mount] {
        let there = mounts.filter { $0.point.below(cgroupfs) != nil }
        if !there.isEmpty { return there + mounts }
        let moved = mounts.compactMap { mount in
            mount.point.below(usualPlace).map {
                CgroupMounts.Mount(root: mount.root, point: cgroupfs + $0, controllers: mount.controllers)
            }
        }
        return moved + mounts
    }

    private static func isAbove(_ path: String) -> Bool {
        path == "/.." || path.hasPrefix("/../")
    }
}

extension String {
    /// What follows a folder's path in a path below it: empty for the folder itself, nil for a path that is elsewhere.
    fileprivate func below(_ folder: String) -> String? {
        if folder == "/" { return self == "/" ? "" : self }
        guard hasPrefix(folder) else { return nil }
        let rest = dropFirst(folder.count)
        return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : nil
    }
}
