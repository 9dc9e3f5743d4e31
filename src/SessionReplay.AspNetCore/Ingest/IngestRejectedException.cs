namespace SessionReplay.AspNetCore.Ingest;

/// <summary>A request that is answered with a problem (docs/http-api.md).</summary>
internal sealed class IngestRejectedException(int status, string code, string title, string? detail = null) : Exception(title)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? Detail { get; } = detail;

    /// <summary>Whether trying again is of no use (<c>"final": true</c>).</summary>
    public bool IsFinal { get; init; }

    /// <summary>After what time to try again; <see langword="null"/> for the time of the settings, where the status asks for one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string? Rule { get; init; }
}
