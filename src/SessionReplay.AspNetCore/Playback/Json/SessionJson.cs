namespace SessionReplay.AspNetCore.Playback;

/// <summary>A session.</summary>
internal record SessionJson
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public required long StartedAt { get; init; }

    public required long LastActivityAt { get; init; }

    public required long? EndedAt { get; init; }

    public required long DurationMs { get; init; }

    public required bool Live { get; init; }

    public required UserJson? User { get; init; }

    public required string? Ip { get; init; }

    public required string? Browser { get; init; }

    public required string? Os { get; init; }

    public required string? Device { get; init; }

    public required string? EntryUrl { get; init; }

    public required int Pages { get; init; }

    public required int Errors { get; init; }

    public required int Clicks { get; init; }

    public required int RageClicks { get; init; }

    public required int Requests { get; init; }

    public required int FailedRequests { get; init; }

    public required long Events { get; init; }

    public required int Chunks { get; init; }

    public required long Bytes { get; init; }

    public required int Windows { get; init; }

    public required int LostEvents { get; init; }

    public required int ViewportWidth { get; init; }

    public required int ViewportHeight { get; init; }

    public required IReadOnlyList<string> CustomEvents { get; init; }

    /// <summary>
    /// Gets why the session cannot be shown whole: <c>row-damaged</c> (nothing of it can) or <c>facts-damaged</c> (what is sealed cannot).
    /// </summary>
    public string? Problem { get; init; }
}
