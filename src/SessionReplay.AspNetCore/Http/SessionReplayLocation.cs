namespace SessionReplay.AspNetCore;

/// <summary>Where <c>MapSessionReplay</c> put the endpoints.</summary>
internal sealed class SessionReplayLocation
{
    public const string DefaultPrefix = "/session-replay";

    /// <summary>The prefix, with a slash at its beginning and none at its end; empty for the root.</summary>
    public string Prefix { get; set; } = DefaultPrefix;

    /// <summary>Whether the endpoints are mapped.</summary>
    public bool IsMapped { get; set; }
}
