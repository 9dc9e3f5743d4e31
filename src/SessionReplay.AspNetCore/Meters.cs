using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore;

/// <summary>The meter of this package. What is observed belongs to one application and ends with its meter factory.</summary>
internal static class Meters
{
    public static Meter Package { get; } = new("SessionReplay.AspNetCore");
}
