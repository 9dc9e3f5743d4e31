namespace SessionReplay.Storage.Replication;

/// <summary>One of the stores that a replicated store is made of.</summary>
public sealed class ReplicatedMemberOptions
{
    /// <summary>
    /// Gets or sets the member's name. It belongs to the store behind it: keep it when members change places, and never give it to another
    /// store.
    /// </summary>
    /// <value>Required: 1 to 32 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>-</c>, for instance the region.</value>
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the adapter. Its settings are in the section of that name beside this one, for instance <c>Primary:S3</c>.
    /// </summary>
    /// <value>Required: a name of <c>SessionReplay:Storage:Provider</c> other than <c>Replicated</c>.</value>
    public string Provider { get; set; } = string.Empty;
}
