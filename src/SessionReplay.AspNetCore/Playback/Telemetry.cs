using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The metrics of this folder.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> PlaybackRequests =
        Meters.Package.CreateCounter<long>(
            "sessionreplay.playback.requests", "{request}", "Playback requests, by sessionreplay.action and sessionreplay.allowed.");
}
