namespace SessionReplay.AspNetCore.Playback;

/// <summary>What an endpoint says of its request for the audit log; a feature of the request.</summary>
internal sealed class AuditNote
{
    /// <summary>Gets whether the row of an earlier request covers this one, if it succeeds.</summary>
    public bool IsCovered { get; init; }

    /// <summary>Gets the detail of the row.</summary>
    public string? Detail { get; init; }
}
