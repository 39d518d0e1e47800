// The machine's room: what to read first.
//
//   HostCollector            the machine and the container: each file is a part that may fail alone (HostPoll)
//   SelfProcess              this process, under Prometheus' usual names
//   RedisProcessCollector    the process of a Redis on this machine, found by RedisProcessFinder
//
// FileReader is the only file here that touches the system: it reads whole small files into one buffer. All others
// decode text that was read, and are tested with files of real machines (Tests/Fixtures/host):
//
//   Text                                     fields and numbers of such files, without allocating
//   CPUTimes, LoadAverage, MemoryInfo, NetworkDevices, NetworkOctets, Pressure    /proc
//   ProcessStat, ProcessFacts, ListeningSockets                                   /proc/PID, /proc/net
//   CgroupMounts, CgroupFolders              where the group's files are: version 1, 2 or both
//   CgroupCPU, CgroupMemory, CgroupLimit     what they say
//
// A further file of /proc: a decoder beside these, a descriptor in Host, a line in HostPoll.
