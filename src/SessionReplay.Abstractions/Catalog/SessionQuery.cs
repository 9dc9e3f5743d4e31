namespace SessionReplay.Catalog;

/// <summary>A search for sessions; the conditions that are set must all hold. The result is ordered by start, newest first.</summary>
public sealed record SessionQuery
{
    /// <summary>Gets the tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>
    /// Gets blind indexes, all of which a session must have: of a user, a prefix of a URL, the name of a custom event, an error type; at
    /// most 16.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Terms { get; init; } = [];

    /// <summary>Gets whether the session must have errors (<see langword="true"/>) or none (<see langword="false"/>).</summary>
    public bool? HasError { get; init; }

    /// <summary>Gets the earliest start, included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the latest start, excluded.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets the browser, with or without its version.</summary>
    public string? Browser { get; init; }

    /// <summary>Gets the operating system.</summary>
    public string? Os { get; init; }

    /// <summary>Gets the kind of device.</summary>
    public string? Device { get; init; }

    /// <summary>Gets the least duration.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>Gets the greatest number of sessions in the page.</summary>
    /// <value>From 1 to 200. The default value is 50.</value>
    public int Limit { get; init; } = 50;

    /// <summary>Gets the cursor of the page before.</summary>
    public SessionCursor? After { get; init; }
}
