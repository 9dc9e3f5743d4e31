using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>Settings of playback.</summary>
public sealed class PlaybackOptions
{
    /// <summary>Gets or sets the greatest number of markers in a manifest; the rarer kinds go first.</summary>
    /// <value>From 100 to 100,000. The default value is 20,000.</value>
    [Range(100, 100_000)]
    public int MaxMarkers { get; set; } = 20_000;
}
