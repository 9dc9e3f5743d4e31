using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Replication;

/// <summary>Options of the replicated blob store; section <c>SessionReplay:Storage:Replicated</c>.</summary>
public sealed class ReplicatedStorageOptions
{
    /// <summary>
    /// Gets or sets the member that is read first. Read when members are chosen by configuration; in code they are added one by one.
    /// </summary>
    public ReplicatedMemberOptions Primary { get; set; } = new();

    /// <summary>Gets the other members, in the order in which they are read when those before them fail.</summary>
    public IList<ReplicatedMemberOptions> Secondaries { get; } = [];

    /// <summary>
    /// Gets or sets how many members must hold an object before its write is confirmed. Every member that can be reached is written at once
    /// in any case.
    /// </summary>
    /// <value>From 1 to 8, at most the number of members. The default value is 1: writing goes on while a single member is left.</value>
    [Range(1, 8)]
    public int MinCopies { get; set; } = 1;

    /// <summary>
    /// Gets or sets how long a member may take for a call before it counts as failed. A transfer has another second for each MiB.
    /// </summary>
    /// <value>From 100 milliseconds to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.1", "00:05:00")]
    public TimeSpan MemberTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets for how long a member that failed is left out of writes and is read last.</summary>
    /// <value>From 100 milliseconds to 10 minutes. The default value is 5 seconds.</value>
    [TimeRange("00:00:00.1", "00:10:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often a process looks for what members have missed, to catch them up.</summary>
    /// <value>From 100 milliseconds to 1 hour. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.1", "01:00:00")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how many members were added.</summary>
    internal int MemberCount { get; set; } = ReplicaSet.MaxMembers;
}
