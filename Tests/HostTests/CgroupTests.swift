import Testing

@testable import Host

@Suite struct CgroupTests {
    private func folders(
        cgroup: String, mounts: [String], cgroupfs: String = "/sys/fs/cgroup", hidden: Set<String> = []
    ) throws -> CgroupFolders {
        let membership = try #require(CgroupMembership(Text(cgroup + "\n")))
        let mountinfo = mounts.map { "30 20 0:30 \($0)\n" }.joined()
        return CgroupFolders(
            membership: membership, mounts: try #require(CgroupMounts(Text(mountinfo))), cgroupfs: cgroupfs,
            exists: { !hidden.contains($0) })
    }

    private let unified = "/ /sys/fs/cgroup rw shared:9 - cgroup2 cgroup rw,nsdelegate"

    @Test func aServiceOfVersionTwoIsBelowTheMount() throws {
        let folders = try folders(cgroup: "0::/system.slice/a.service", mounts: [unified])
        let folder = CgroupFolder(
            version: .two, path: "/sys/fs/cgroup/system.slice/a.service",
            parents: ["/sys/fs/cgroup/system.slice", "/sys/fs/cgroup"])
        #expect(folders.memory == folder)
        #expect(folders.cpu == folder)
        #expect(folders.cpuacct == folder)
    }

    @Test func aContainerWithItsOwnNamespaceIsTheMountItself() throws {
        let folders = try folders(cgroup: "0::/", mounts: [unified])
        #expect(folders.memory?.path == "/sys/fs/cgroup")
    }

    @Test func eachControllerIsLookedUpByItself() throws {
        let folders = try folders(
            cgroup: "3:cpu,cpuacct:/a\n0::/b",
            mounts: [
                "/ /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
                "/ /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
            ])
        let controllers = "/sys/fs/cgroup/cpu,cpuacct"
        #expect(folders.cpu == CgroupFolder(version: .one, path: "\(controllers)/a", parents: [controllers]))
        #expect(folders.cpuacct == folders.cpu)
        let tree = "/sys/fs/cgroup/unified"
        #expect(folders.memory == CgroupFolder(version: .two, path: "\(tree)/b", parents: [tree]))
    }

    @Test func aMountOfTheOwnCgroupIsNotDescendedTwice() throws {
        let folders = try folders(
            cgroup: "4:memory:/docker/c7", mounts: ["/docker/c7 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"])
        #expect(folders.memory?.path == "/sys/fs/cgroup/memory")
    }

    @Test func aNeighbourWhosePathBeginsAlikeIsNotTaken() throws {
        let folders = try folders(
            cgroup: "4:memory:/docker/c77",
            mounts: [
                "/docker/c7 /other ro - cgroup cgroup rw,memory",
                "/ /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
            ])
        #expect(folders.memory?.path == "/sys/fs/cgroup/memory/docker/c77")
    }

    @Test func aPathThatLeadsNowhereFallsBackToTheMount() throws {
        let folders = try folders(
            cgroup: "0::/kubepods/pod1/c1", mounts: [unified], hidden: ["/sys/fs/cgroup/kubepods/pod1/c1"])
        #expect(folders.memory?.path == "/sys/fs/cgroup")
    }

    @Test func aPathAboveTheNamespaceFallsBackToTheMount() throws {
        let folders = try folders(cgroup: "0::/../sibling", mounts: [unified])
        #expect(folders.memory?.path == "/sys/fs/cgroup")
    }

    @Test func theHostsTreeIsNotTakenForTheContainers() throws {
        let above = "/../../.. /host/cgroup ro - cgroup2 cgroup rw"
        #expect(try folders(cgroup: "0::/", mounts: [above], cgroupfs: "/host/cgroup").memory == nil)
        let both = try folders(cgroup: "0::/", mounts: [above, unified], cgroupfs: "/host/cgroup")
        #expect(both.memory?.path == "/sys/fs/cgroup")
    }

    @Test func anotherPlaceReplacesTheUsualOne() throws {
        let folders = try folders(cgroup: "0::/a", mounts: [unified], cgroupfs: "/elsewhere")
        #expect(folders.memory?.path == "/elsewhere/a")
    }

    @Test func mountsAtTheGivenPlaceComeFirst() throws {
        let folders = try folders(
            cgroup: "0::/a", mounts: [unified, "/ /host/cgroup ro - cgroup2 cgroup rw"], cgroupfs: "/host/cgroup")
        #expect(folders.memory?.path == "/host/cgroup/a")
    }

    @Test func noMountNoFolder() throws {
        #expect(try folders(cgroup: "0::/a", mounts: ["/ /proc rw - proc proc rw"]).memory == nil)
        #expect(try folders(cgroup: "3:cpu:/a", mounts: [unified]).memory == nil)
    }

    @Test func pathsAreUnescaped() throws {
        let text = "30 20 0:30 /a\\040b /mnt/c\\134d\\011e rw - cgroup2  rw\n"
        let mount = try #require(CgroupMounts(Text(text))?.mounts.first)
        #expect(mount.root == "/a b")
        #expect(mount.point == "/mnt/c\\d\te")
        #expect(mount.controllers == nil)
    }

    @Test(arguments: ["x\n", "x:y:/\n", "1:cpu\n", "1:cpu:relative\n"])
    func membershipThatMakesNoSenseIsRefused(text: String) {
        #expect(CgroupMembership(Text(text)) == nil)
    }

    @Test func limitsOfMemory() {
        #expect(CgroupLimit(memory: Text("max\n")) == .unlimited)
        #expect(CgroupLimit(memory: Text("9223372036854771712\n")) == .unlimited)
        #expect(CgroupLimit(memory: Text("18446744073709551615\n")) == .unlimited)
        #expect(CgroupLimit(memory: Text("1073741824\n")) == .limited(1_073_741_824))
        #expect(CgroupLimit(memory: Text("-1\n")) == nil)
        #expect(CgroupLimit(memory: Text("10737")) == nil)
    }

    @Test func limitsOfProcessors() {
        #expect(CgroupLimit(cpuMax: Text("max 100000\n")) == .unlimited)
        #expect(CgroupLimit(cpuMax: Text("250000 100000\n")) == .limited(2.5))
        #expect(CgroupLimit(cpuMax: Text("250000 0\n")) == nil)
        #expect(CgroupLimit(cpuMax: Text("250000\n")) == nil)
        #expect(CgroupLimit(quota: Text("-1\n"), period: 100_000) == .unlimited)
        #expect(CgroupLimit(quota: Text("50000\n"), period: 100_000) == .limited(0.5))
        #expect(CgroupLimit(quota: Text("-2\n"), period: 100_000) == nil)
    }

    @Test func countersAreAbsentOrRefused() {
        #expect(CgroupCounters(Text("low 0\noom_kill 3\n"), ["oom_kill"])?["oom_kill"] == 3)
        #expect(CgroupCounters(Text("low 0\n"), ["oom_kill"])?["oom_kill"] == nil)
        #expect(CgroupCounters(Text("low\n"), ["oom_kill"]) == nil)
        #expect(CgroupCounters(Text("oom_kill many\n"), ["oom_kill"]) == nil)
    }
}
