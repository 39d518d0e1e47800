// What the kernel writes, in case that an operator mounts something else.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "ProcFiles": fuzzProcFiles, "CgroupFiles": fuzzCgroupFiles,
]
