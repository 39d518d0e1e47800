// The list of what a Redis can show, for the metric reference.

public import Metrics

/// The families of this room.
public enum RedisFamilies {
    /// Every family that a poll can bring, but for fields of CLUSTER INFO that no table names: those are passed on as
    /// `redis_cluster_…`.
    public static let all: [Descriptor] =
        InfoReply.descriptors + LatencySpikes.descriptors + LatencyHistograms.descriptors + Slowlog.descriptors
        + ConfigParameters.descriptors + SentinelDetails.descriptors + RedisCluster.descriptors
}
